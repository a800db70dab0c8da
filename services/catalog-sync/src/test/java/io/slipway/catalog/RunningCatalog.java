package io.slipway.catalog;

import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.embedded.testing.SharedInfrastructure.Database;
import io.slipway.kit.SlipwayService;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/** The catalogue service in this JVM. */
public final class RunningCatalog implements AutoCloseable {

  private final ConfigurableApplicationContext context;
  private final CatalogClient client;

  private RunningCatalog(ConfigurableApplicationContext context) {
    this.context = context;
    this.client = new CatalogClient(context.getBean(GrpcServerLifecycle.class).getPort());
  }

  /**
   * @param other replaces the argument of the same name
   */
  public static RunningCatalog start(List<String> arguments, String... other) {
    List<String> replaced = Stream.of(other).map(RunningCatalog::name).toList();
    Stream<String> kept = arguments.stream().filter(each -> !replaced.contains(name(each)));
    return new RunningCatalog(
        SlipwayService.runBesideOthers(
            CatalogApplication.class,
            "catalog-sync",
            Stream.concat(kept, Stream.of(other)).toArray(String[]::new)));
  }

  private static String name(String argument) {
    return argument.substring(0, argument.indexOf('='));
  }

  /** What a service needs to know of its surroundings. */
  public static List<String> arguments(URI hub, Database database) {
    return List.of(
        "--spring.main.web-application-type=none",
        "--slipway.grpc.port=0",
        "--slipway.database.url=" + database.jdbcUrl(),
        "--slipway.database.user=" + database.user(),
        "--slipway.database.password=" + database.password(),
        "--slipway.kafka.brokers=" + SharedInfrastructure.kafkaBootstrapServers(),
        "--slipway.identity.platform-secret=" + CatalogClient.SECRET,
        "--slipway.hub.endpoint=" + hub,
        "--slipway.jobs.lease=2s",
        "--slipway.jobs.heartbeat=200ms",
        "--slipway.jobs.poll=100ms",
        "--slipway.jobs.retry-delay=200ms",
        "--slipway.jobs.max-attempts=5",
        "--slipway.catalog.page-size=2",
        "--slipway.catalog.hub-attempts=1",
        "--slipway.catalog.sync-interval=0s");
  }

  public CatalogClient client() {
    return client;
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  @Override
  public void close() {
    client.close();
    context.close();
  }
}
