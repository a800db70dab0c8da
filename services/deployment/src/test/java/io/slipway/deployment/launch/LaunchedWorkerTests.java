package io.slipway.deployment.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.artifacts.FileSystemArtifactStore;
import io.slipway.artifacts.StoredFile;
import io.slipway.common.v1.ArtifactFile;
import io.slipway.deployment.testing.PublishedTopics;
import io.slipway.deployment.testing.RegistryServer;
import io.slipway.deployment.testing.RunningDeployment;
import io.slipway.deployment.v1.DeleteEndpointRequest;
import io.slipway.deployment.v1.Deployment;
import io.slipway.deployment.v1.Replica;
import io.slipway.deployment.v1.WorkerKind;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.inference.client.InferenceClient;
import io.slipway.inference.client.InferenceClientSettings;
import io.slipway.inference.v1.PredictRequest;
import io.slipway.inference.v1.TextClassificationRequest;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.identity.CallerClientInterceptor;
import io.slipway.kit.identity.PlatformCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real worker processes, launched as on a user's machine. */
@Timeout(240)
class LaunchedWorkerTests {

  private static final Path WORKER = Path.of("../inference-worker/target").toAbsolutePath();
  private static final Path CHECKPOINT =
      Path.of("../../libs/models/src/test/resources/goldens/single-label");
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path directory;

  @Test
  void aKilledWorkerLeavesTheRouteAndANewOneTakesItsPlace() throws Exception {
    assertThat(WORKER.resolve("inference-worker.jar"))
        .as("build services/inference-worker first")
        .exists();
    try (var registry = new RegistryServer();
        var service = start(registry, WORKER + "/inference-worker.jar", WORKER + "/lib/*");
        var topics = new PublishedTopics();
        var client = client()) {
      String version = registry.add("models/acme/tiny/versions/1", checkpoint());
      String endpoint = service.endpoint("launched");
      Deployment deployment = service.deploy(endpoint, version, 1);
      await().atMost(PATIENCE).until(() -> topics.replicas(endpoint).size() == 1);
      List<Replica> replicas = topics.route(endpoint).getTargets(0).getReplicasList();
      assertThat(best(client, replicas, version)).isEqualTo("account");

      ProcessHandle worker = onlyChild();
      worker.destroyForcibly();

      await().atMost(PATIENCE).until(() -> !topics.replicas(endpoint).equals(addresses(replicas)));
      await().atMost(PATIENCE).until(() -> topics.replicas(endpoint).size() == 1);
      List<Replica> next = topics.route(endpoint).getTargets(0).getReplicasList();
      assertThat(next.getFirst().getWorkerId()).isNotEqualTo(replicas.getFirst().getWorkerId());
      assertThat(best(client, next, version)).isEqualTo("account");
      assertThat(service.get(deployment.getName()).getState())
          .isEqualTo(Deployment.State.STATE_READY);
      ProcessHandle successor = onlyChild();
      assertThat(commandLine(successor))
          .as("secrets are not on the command line")
          .doesNotContain(RunningDeployment.SECRET);

      var unused =
          service
              .deployments()
              .deleteEndpoint(DeleteEndpointRequest.newBuilder().setName(endpoint).build());

      await().atMost(PATIENCE).until(() -> !successor.isAlive());
      try (Stream<Path> logs = Files.list(directory.resolve("logs"))) {
        assertThat(logs.map(LaunchedWorkerTests::read))
            .as("the idle one was told to end, and did so by itself")
            .anySatisfy(log -> assertThat(log).contains("Told to finish and end"));
      }
    }
  }

  @Test
  void saysWhereToLookWhenWorkersEndAtOnce() throws Exception {
    try (var registry = new RegistryServer();
        var service = start(registry, directory.resolve("nothing").toString())) {
      String version = registry.add("models/acme/tiny/versions/1", checkpoint());
      Deployment deployment = service.deploy(service.endpoint("unlaunchable"), version, 1);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                Deployment now = service.get(deployment.getName());
                assertThat(GrpcErrors.codeOf(now.getError())).isEqualTo(ErrorCode.NO_COMPUTE);
                assertThat(now.getError().getMessage())
                    .contains("ended at once")
                    .contains(directory.resolve("logs").toString());
              });
      assertThat(service.bean(Fleet.class).failedLaunches(WorkerKind.WORKER_KIND_INFERENCE))
          .as("with growing pauses in between")
          .isLessThan(12);
    }
  }

  private RunningDeployment start(RegistryServer registry, String... classPath) {
    return RunningDeployment.start(
        SharedInfrastructure.newDatabase(),
        registry,
        "--slipway.deployment.launcher=process",
        "--slipway.deployment.worker-classpath=" + String.join(",", classPath),
        "--slipway.deployment.logs=" + directory.resolve("logs"),
        "--slipway.deployment.lease=10s",
        "--slipway.deployment.drain-patience=20s",
        "--slipway.deployment.idle=2s",
        "--slipway.artifacts.root=" + directory.resolve("artifacts"),
        "--slipway.artifacts.checkouts=" + directory.resolve("checkouts"),
        "--slipway.worker.threads=1");
  }

  private List<ArtifactFile> checkpoint() throws IOException {
    var store = new FileSystemArtifactStore(directory.resolve("artifacts"));
    List<ArtifactFile> stored = new ArrayList<>();
    try (Stream<Path> files = Files.list(CHECKPOINT)) {
      for (Path file : files.filter(path -> !path.endsWith("golden.json")).toList()) {
        var blob = store.write(file);
        stored.add(
            new StoredFile(file.getFileName().toString(), blob.digest(), Files.size(file))
                .toProto());
      }
    }
    return stored;
  }

  private static InferenceClient client() {
    return new InferenceClient(
        InferenceClientSettings.defaults(),
        List.of(new CallerClientInterceptor(new PlatformCredentials(RunningDeployment.SECRET))),
        new SimpleMeterRegistry());
  }

  private static String best(InferenceClient client, List<Replica> replicas, String model) {
    return client
        .predict(
            replicas,
            PredictRequest.newBuilder()
                .setModel(model)
                .setTextClassification(TextClassificationRequest.newBuilder().addInputs("hello"))
                .build(),
            Duration.ofSeconds(30))
        .getTextClassification()
        .getClassifications(0)
        .getLabels(0)
        .getLabel();
  }

  private static List<String> addresses(List<Replica> replicas) {
    return replicas.stream().map(Replica::getAddress).toList();
  }

  private static ProcessHandle onlyChild() {
    assertThat(children()).hasSize(1);
    return children().getFirst();
  }

  /** Workers that this JVM has started. */
  private static List<ProcessHandle> children() {
    return ProcessHandle.current()
        .children()
        .filter(child -> commandLine(child).contains(ProcessLauncher.WORKER))
        .toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).replace('\0', ' ');
    } catch (IOException gone) {
      return "";
    }
  }
}
