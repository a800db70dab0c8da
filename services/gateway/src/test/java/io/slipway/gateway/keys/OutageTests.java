package io.slipway.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.embedded.Durability;
import io.slipway.embedded.EmbeddedKafka;
import io.slipway.embedded.EmbeddedPostgres;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.gateway.testing.RunningGateway;
import io.slipway.gateway.testing.RunningGateway.Reply;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutageTests {

  @Test
  void knownKeysWorkWhilePostgresIsDownAndChangesAreRefused(@TempDir Path directory) {
    EmbeddedPostgres postgres =
        EmbeddedPostgres.start(
            directory,
            EmbeddedPostgres.Options.defaults().withDurability(Durability.PROCESS_DEATH));
    var database =
        new SharedInfrastructure.Database(
            postgres.createDatabaseIfAbsent("gateway"), postgres.user(), postgres.password());
    try (RunningGateway gateway =
        RunningGateway.start(
            database,
            SharedInfrastructure.kafkaBootstrapServers(),
            "--spring.datasource.hikari.connection-timeout=1000")) {
      String secret = gateway.post("/slipway/v1/apiKeys", "{}").json().path("secret").stringValue();
      postgres.close();
      Reply served =
          gateway.send(
              gateway
                  .anonymous("/slipway/v1/hubModels")
                  .header("Authorization", "Bearer " + secret));
      assertThat(served.status()).isEqualTo(200);
      Reply refused = gateway.post("/slipway/v1/apiKeys", "{}");
      assertThat(refused.status()).as(refused.body()).isEqualTo(503);
      assertThat(refused.json().path("detail").stringValue()).contains("database");
    } finally {
      postgres.close();
    }
  }

  @Test
  void withoutKafkaItKnowsTheKeysOfItsDatabaseAndIsReadyWhenKafkaHasCome(@TempDir Path directory) {
    var database = SharedInfrastructure.newDatabase();
    int port;
    try (EmbeddedKafka probe = EmbeddedKafka.start(directory, options(0))) {
      port = probe.port();
    }
    String brokers = "127.0.0.1:" + port;
    RunningGateway gateway = RunningGateway.startUnready(database, brokers);
    try (gateway) {
      assertThat(gateway.get("/slipway/v1/hubModels").status()).isEqualTo(200);
      assertThat(gateway.post("/slipway/v1/apiKeys", "{}").status()).isEqualTo(200);
      Reply health = gateway.send(gateway.anonymous("/actuator/health/readiness"));
      assertThat(health.status()).isEqualTo(503);
      try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, options(port))) {
        assertThat(kafka.port()).isEqualTo(port);
        createTopics(brokers);
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(
                () ->
                    gateway.send(gateway.anonymous("/actuator/health/readiness")).status() == 200);
      }
    }
  }

  private static EmbeddedKafka.Options options(int port) {
    return EmbeddedKafka.Options.defaults().withPort(port).withDurability(Durability.PROCESS_DEATH);
  }

  /** As the other services do when they start. */
  private static void createTopics(String brokers) {
    try (var admin =
        org.apache.kafka.clients.admin.Admin.create(
            java.util.Map.of("bootstrap.servers", (Object) brokers))) {
      admin
          .createTopics(
              java.util.List.of(
                  new org.apache.kafka.clients.admin.NewTopic(
                      io.slipway.kit.events.Topics.ROUTES, 1, (short) 1),
                  new org.apache.kafka.clients.admin.NewTopic(
                      io.slipway.kit.events.Topics.API_KEYS, 1, (short) 1)))
          .all()
          .get();
    } catch (java.util.concurrent.ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
