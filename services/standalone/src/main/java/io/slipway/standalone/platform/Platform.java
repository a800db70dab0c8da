package io.slipway.standalone.platform;

import io.slipway.catalog.CatalogApplication;
import io.slipway.deployment.DeploymentApplication;
import io.slipway.embedded.EmbeddedKafka;
import io.slipway.embedded.EmbeddedPostgres;
import io.slipway.evaluation.EvaluationApplication;
import io.slipway.finetune.FineTuneApplication;
import io.slipway.gateway.GatewayApplication;
import io.slipway.imports.ImportApplication;
import io.slipway.kit.SlipwayService;
import io.slipway.standalone.starterhub.StarterHub;
import io.slipway.standalone.starterhub.StarterHubServer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Kafka, PostgreSQL, the control services and the gateway, started in this process and stopped in
 * reverse order.
 */
final class Platform implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Platform.class);

  /**
   * In the order of their start. Deployment comes late, since it launches workers at once, which
   * would take the processor from those that still start; the gateway lets callers in last.
   */
  private static final List<Service> SERVICES =
      List.of(
          new Service("import", ImportApplication.class),
          new Service("catalog-sync", CatalogApplication.class),
          new Service("evaluation", EvaluationApplication.class),
          new Service("fine-tune", FineTuneApplication.class),
          new Service("deployment", DeploymentApplication.class),
          new Service("gateway", GatewayApplication.class));

  private static final int STARTED_AT_ONCE = 2;

  private final DataDirectory data;
  private final PlatformOptions options;
  private final Installation installation;
  private final StartProgress progress;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();

  Platform(
      DataDirectory data,
      PlatformOptions options,
      Installation installation,
      StartProgress progress) {
    this.data = data;
    this.options = options;
    this.installation = installation;
    this.progress = progress;
  }

  /**
   * Returns once every service is ready.
   *
   * @throws PlatformException when something stands in the way that the user can move
   */
  void start() {
    progress.expect(2 + SERVICES.size());
    LoopbackPorts.requireFree(options.port(), "--port");
    LoopbackPorts.requireFree(options.grpcPort(), "gRPC, the port after --port");

    progress.begin("PostgreSQL and Kafka");
    EmbeddedPostgres postgres;
    EmbeddedKafka kafka;
    try (ExecutorService threads = Executors.newFixedThreadPool(STARTED_AT_ONCE)) {
      Future<EmbeddedPostgres> startingPostgres =
          threads.submit(
              () ->
                  keep(
                      EmbeddedPostgres.start(
                          data.postgres(), EmbeddedPostgres.Options.defaults())));
      Future<EmbeddedKafka> startingKafka =
          threads.submit(
              () -> keep(EmbeddedKafka.start(data.kafka(), EmbeddedKafka.Options.defaults())));
      postgres = result(startingPostgres);
      kafka = result(startingKafka);
    }
    progress.begin("hub");
    String hub = hub();
    progress.hub(hub);

    String database = postgres.createDatabaseIfAbsent("slipway");
    ServiceArguments arguments =
        new ServiceArguments(
            data,
            options,
            installation,
            postgres,
            database,
            kafka,
            hub,
            SERVICES.stream().map(Service::name).toList());
    inParallel(SERVICES.stream().map(service -> startOf(service, arguments)).toList());
  }

  private Callable<ConfigurableApplicationContext> startOf(
      Service service, ServiceArguments arguments) {
    return () -> {
      progress.begin(service.name());
      return keep(
          SlipwayService.runBesideOthers(
              service.application(), service.name(), arguments.of(service.name())));
    };
  }

  private String hub() {
    String configured = options.hubEndpoint();
    if (configured != null) {
      return configured;
    }
    try {
      StarterHub.generate(data.starterHub());
      return keep(StarterHubServer.start(data.starterHub(), "127.0.0.1", 0)).endpoint().toString();
    } catch (IOException e) {
      throw new PlatformException("The starter hub could not be started: " + e, e);
    }
  }

  private <T extends AutoCloseable> T keep(T component) {
    synchronized (running) {
      running.push(component);
    }
    return component;
  }

  private static void inParallel(List<Callable<ConfigurableApplicationContext>> starts) {
    try (ExecutorService threads = Executors.newFixedThreadPool(STARTED_AT_ONCE)) {
      starts.stream().map(threads::submit).toList().forEach(Platform::result);
    }
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException reason) {
        throw reason;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("Interrupted while starting.", e);
    }
  }

  private record Service(String name, Class<?> application) {}

  @Override
  public void close() {
    progress.stopping();
    while (true) {
      AutoCloseable next;
      synchronized (running) {
        next = running.poll();
      }
      if (next == null) {
        return;
      }
      try {
        next.close();
      } catch (Exception e) {
        // What else runs must be stopped too.
        log.warn("{} did not stop cleanly", next, e);
      }
    }
  }
}
