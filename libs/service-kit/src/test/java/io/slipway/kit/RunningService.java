package io.slipway.kit;

import com.google.protobuf.Int32Value;
import com.google.protobuf.StringValue;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.embedded.testing.SharedInfrastructure.Database;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.jobs.Job;
import io.slipway.kit.jobs.JobQueue;
import io.slipway.kit.jobs.Jobs;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A {@link CountingService} in this JVM, and what tests do with it. */
public final class RunningService implements AutoCloseable {

  private static final Caller CALLER = new Caller("acme", "apiKeys/test");

  private final ConfigurableApplicationContext context;

  private RunningService(ConfigurableApplicationContext context) {
    this.context = context;
  }

  public static RunningService start(Database database, String... more) {
    return new RunningService(
        SlipwayService.runBesideOthers(
            CountingService.class,
            "kit-test",
            Stream.concat(arguments(database).stream(), Stream.of(more)).toArray(String[]::new)));
  }

  /** What a process needs to be told to work on this database. */
  public static List<String> arguments(Database database) {
    return List.of(
        "--slipway.database.url=" + database.jdbcUrl(),
        "--slipway.database.user=" + database.user(),
        "--slipway.database.password=" + database.password(),
        "--slipway.kafka.brokers=" + SharedInfrastructure.kafkaBootstrapServers(),
        "--spring.cloud.stream.bindings.ledger-in-0.group="
            + database.jdbcUrl().replaceAll("\\W", "-"));
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public Job submit(String requestId, String spec) {
    StringValue request = StringValue.of(spec);
    return CALLER.call(
        () ->
            bean(JobQueue.class)
                .submit("counts", requestId, request, request, Int32Value.getDefaultInstance()));
  }

  public Job job(String name) {
    return bean(Jobs.class).get("acme", "counts", name);
  }

  public Job cancel(String name) {
    return bean(Jobs.class).requestCancel("acme", "counts", name);
  }

  /** How often something has taken effect. */
  public int effects(String subject) {
    return bean(JdbcClient.class)
        .sql("select count(*) from effect where subject = ?")
        .param(subject)
        .query(Integer.class)
        .single();
  }

  @Override
  public void close() {
    context.close();
  }
}
