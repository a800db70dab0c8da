package io.slipway.evaluation;

import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.evaluation.neighbours.Neighbours;
import io.slipway.kit.SlipwayService;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/** The evaluation service in this JVM. */
public final class RunningService implements AutoCloseable {

  private final ConfigurableApplicationContext context;
  private final EvaluationClient client;

  private RunningService(ConfigurableApplicationContext context) {
    this.context = context;
    this.client = new EvaluationClient(context.getBean(GrpcServerLifecycle.class).getPort());
  }

  /** Starts the service on a database of its own choice. */
  public static RunningService start(List<String> arguments) {
    return new RunningService(
        SlipwayService.runBesideOthers(
            EvaluationApplication.class, "evaluation", arguments.toArray(String[]::new)));
  }

  /** What a service needs to know of its surroundings. */
  public static List<String> arguments(
      Neighbours neighbours, SharedInfrastructure.Database database, Path artifacts) {
    return new ArrayList<>(
        List.of(
            "--spring.main.web-application-type=none",
            "--slipway.grpc.port=0",
            "--slipway.database.url=" + database.jdbcUrl(),
            "--slipway.database.user=" + database.user(),
            "--slipway.database.password=" + database.password(),
            "--slipway.kafka.brokers=" + SharedInfrastructure.kafkaBootstrapServers(),
            "--slipway.identity.platform-secret=" + EvaluationClient.SECRET,
            "--slipway.services.import=" + neighbours.target(),
            "--slipway.services.deployment=" + neighbours.target(),
            "--slipway.artifacts.root=" + artifacts,
            "--slipway.jobs.lease=2s",
            "--slipway.jobs.heartbeat=200ms",
            "--slipway.jobs.poll=100ms",
            "--slipway.jobs.retry-delay=100ms",
            "--slipway.evaluation.batch-rows=4",
            "--slipway.evaluation.progress-interval=10ms",
            "--slipway.evaluation.grant-time-to-live=600ms",
            "--slipway.evaluation.model-timeout=20s",
            "--slipway.evaluation.pin-sweep=100ms"));
  }

  public EvaluationClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    context.close();
  }
}
