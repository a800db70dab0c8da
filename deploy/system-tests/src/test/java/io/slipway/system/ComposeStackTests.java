package io.slipway.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.system.Launcher.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ComposeContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The platform as separate containers, on a Docker engine where one runs. */
@Tag("compose")
@EnabledIf("dockerRuns")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ComposeStackTests {

  private static final String KEY = "sk-slipway-compose-test";
  private static final URI GATEWAY = URI.create("http://localhost:18080");
  private static final int WORKERS = 3;

  /** Named one by one, because a scaled service alone would start only what it needs itself. */
  private static final String[] SERVICES = {
    "starter-hub",
    "catalog-sync",
    "import",
    "evaluation",
    "fine-tune",
    "deployment",
    "gateway",
    "trainer",
    "inference-worker"
  };

  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir private static Path directory;
  private static ComposeContainer stack;

  static boolean dockerRuns() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  @BeforeAll
  static void start() {
    stack =
        new ComposeContainer(Launcher.HOME.resolve("docker-compose.yml").toFile())
            .withBuild(true)
            .withEnv(
                Map.of(
                    "SLIPWAY_API_KEY",
                    KEY,
                    "SLIPWAY_PORT",
                    "18080",
                    "SLIPWAY_GRPC_PORT",
                    "18081",
                    "DOCKER_BUILDKIT",
                    "0"))
            .withServices(SERVICES)
            .withScaledService("inference-worker", WORKERS)
            .waitingFor(
                "gateway", Wait.forHealthcheck().withStartupTimeout(Duration.ofMinutes(10)));
    stack.start();
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.stop();
    }
  }

  @Test
  @Order(1)
  void takesAModelThroughItsWholeLife() {
    Outcome tour =
        Launcher.run(
            Duration.ofMinutes(10),
            Map.of("SLIPWAY_API_KEY", KEY),
            "tour",
            "--json",
            "--data-dir",
            directory.toString(),
            "--gateway",
            GATEWAY.toString(),
            "--grpc",
            "localhost:18081");

    assertThat(tour.exitCode()).as(tour.output()).isZero();
    JsonNode report = JSON.readTree(tour.output().substring(tour.output().indexOf('{')));
    assertThat(report.path("accuracyAfter").asDouble()).isGreaterThanOrEqualTo(0.9);
  }

  @Test
  @Order(2)
  void losesNoRequestWhenAWorkerIsKilledInMidTraffic() throws Exception {
    deployToEveryWorker();
    AtomicBoolean go = new AtomicBoolean(true);
    AtomicInteger answered = new AtomicInteger();
    AtomicInteger lost = new AtomicInteger();
    Thread[] callers = new Thread[4];
    for (int i = 0; i < callers.length; i++) {
      callers[i] =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (go.get()) {
                      (classify() == 200 ? answered : lost).incrementAndGet();
                    }
                  });
    }
    await().atMost(Duration.ofMinutes(1)).until(() -> answered.get() > 100);

    killAWorker();

    int then = answered.get();
    await().atMost(Duration.ofMinutes(2)).until(() -> answered.get() > then + 300);
    go.set(false);
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(lost).hasValue(0);
  }

  /** As many replicas as workers, so that whichever is killed was serving. */
  private static void deployToEveryWorker() throws Exception {
    send("POST", "/slipway/v1/endpoints?endpointId=traffic", "{}");
    JsonNode deployment =
        JSON.readTree(
            send(
                    "POST",
                    "/slipway/v1/endpoints/traffic/deployments",
                    "{\"modelVersion\": \"models/tour/support-router\", \"replicas\": %d}"
                        .formatted(WORKERS))
                .body());
    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () ->
                JSON.readTree(
                            send("GET", "/slipway/v1/" + deployment.path("name").asString(), "")
                                .body())
                        .path("readyReplicas")
                        .asInt()
                    == WORKERS);
    await().atMost(Duration.ofMinutes(1)).until(() -> classify() == 200);
  }

  private static void killAWorker() {
    String id =
        stack.getContainerByServiceName("inference-worker-1").orElseThrow().getContainerId();
    DockerClientFactory.instance().client().killContainerCmd(id).exec();
  }

  private static int classify() {
    try {
      return send("POST", "/models/traffic", "{\"inputs\": \"my parcel is late\"}").statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private static HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(GATEWAY.resolve(path))
                .header("Authorization", "Bearer " + KEY)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
  }
}
