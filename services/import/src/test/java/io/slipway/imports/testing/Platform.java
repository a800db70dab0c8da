package io.slipway.imports.testing;

import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.embedded.testing.SharedInfrastructure.Database;
import io.slipway.imports.ImportApplication;
import io.slipway.kit.SlipwayService;
import io.slipway.kit.identity.Caller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

/** The import service in this JVM, among its neighbours. */
public final class Platform implements AutoCloseable {

  public final Neighbours neighbours;
  private final ConfigurableApplicationContext context;

  private Platform(Neighbours neighbours, ConfigurableApplicationContext context) {
    this.neighbours = neighbours;
    this.context = context;
  }

  /**
   * One for all tests that need nothing special; it ends with the JVM. Tests keep apart by tenant.
   */
  public static Platform shared() {
    Shared.PLATFORM.neighbours.reset();
    return Shared.PLATFORM;
  }

  public static Platform start(Neighbours neighbours, Database database, String... more) {
    return new Platform(
        neighbours,
        SlipwayService.runBesideOthers(
            ImportApplication.class, "import", arguments(neighbours, database, more)));
  }

  /**
   * What a process of the service needs to know.
   *
   * @param more take the place of those that are given to all
   */
  public static String[] arguments(Neighbours neighbours, Database database, String... more) {
    Map<String, String> arguments = new LinkedHashMap<>();
    Stream.concat(common(neighbours, database).stream(), Stream.of(more))
        .forEach(argument -> arguments.put(argument.split("=", 2)[0], argument));
    return arguments.values().toArray(String[]::new);
  }

  private static List<String> common(Neighbours neighbours, Database database) {
    return List.of(
        "--spring.main.web-application-type=none",
        "--slipway.grpc.port=0",
        "--slipway.database.url=" + database.jdbcUrl(),
        "--slipway.database.user=" + database.user(),
        "--slipway.database.password=" + database.password(),
        "--slipway.kafka.brokers=" + SharedInfrastructure.kafkaBootstrapServers(),
        "--slipway.lineage.group=" + SharedInfrastructure.newTopicPrefix() + "lineage",
        "--slipway.identity.platform-secret=" + PlatformClient.SECRET,
        "--slipway.services.deployment=" + neighbours.target(),
        "--slipway.artifacts.root=" + neighbours.artifacts,
        "--slipway.artifacts.checkouts=" + neighbours.artifacts.resolveSibling("checkouts"),
        "--slipway.hub.endpoint=" + neighbours.hub.endpoint(),
        "--slipway.hub.attempts=1",
        "--slipway.imports.max-size=8MB",
        "--slipway.imports.keep-free=0B",
        "--slipway.imports.progress-interval=0s",
        "--slipway.datasets.max-size=300KB",
        "--slipway.datasets.concurrent-uploads=3",
        "--slipway.jobs.lease=2s",
        "--slipway.jobs.heartbeat=100ms",
        "--slipway.jobs.poll=100ms",
        "--slipway.jobs.retry-delay=200ms",
        "--slipway.jobs.max-attempts=4",
        "--slipway.logging.format=",
        "--logging.structured.format.console=");
  }

  public int port() {
    return context.getBean(GrpcServerLifecycle.class).getPort();
  }

  public PlatformClient client(String tenant) {
    return client(tenant, "apiKeys/test");
  }

  /** A client that is a service or job of the platform. */
  public PlatformClient client(String tenant, String principal) {
    return new PlatformClient(port(), new Caller(tenant, principal), PlatformClient.SECRET);
  }

  public JdbcClient database() {
    return context.getBean(JdbcClient.class);
  }

  @Override
  public void close() {
    context.close();
  }

  private static final class Shared {
    static final Platform PLATFORM =
        start(new Neighbours(temporaryDirectory()), SharedInfrastructure.newDatabase());

    private static Path temporaryDirectory() {
      try {
        Path directory = Files.createTempDirectory("import-tests-");
        Runtime.getRuntime()
            .addShutdownHook(
                new Thread(() -> FileSystemUtils.deleteRecursively(directory.toFile())));
        return directory;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
