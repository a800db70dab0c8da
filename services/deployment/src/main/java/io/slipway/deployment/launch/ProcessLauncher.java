package io.slipway.deployment.launch;

import io.slipway.deployment.DeploymentProperties;
import io.slipway.deployment.v1.WorkerKind;
import io.slipway.process.ChildJvm;
import io.slipway.process.ChildProcess;
import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.springframework.util.unit.DataSize;

/** Workers and trainers as child JVMs on this machine, bound to its loopback address. */
final class ProcessLauncher implements Launcher {

  static final String WORKER = "io.slipway.worker.InferenceWorkerApplication";
  static final String TRAINER = "io.slipway.trainer.TrainerApplication";
  private static final String VECTORS = "jdk.incubator.vector";
  private static final String SERVICE = "slipway.services.deployment";

  private final DeploymentProperties properties;
  private final ChildSettings settings;
  private final IntSupplier ownPort;

  /**
   * @param ownPort where children find this service, unless the settings say otherwise
   */
  ProcessLauncher(DeploymentProperties properties, ChildSettings settings, IntSupplier ownPort) {
    this.properties = properties;
    this.settings = settings;
    this.ownPort = ownPort;
  }

  @Override
  public int most(WorkerKind kind) {
    return switch (kind) {
      case WORKER_KIND_INFERENCE -> properties.maxWorkers();
      case WORKER_KIND_TRAINER -> properties.maxTrainers();
      case WORKER_KIND_UNSPECIFIED, UNRECOGNIZED -> 0;
    };
  }

  @Override
  public LaunchedProcess launch(WorkerKind kind, String launchId) {
    boolean worker = kind == WorkerKind.WORKER_KIND_INFERENCE;
    List<String> classPath = worker ? properties.workerClasspath() : properties.trainerClasspath();
    ChildJvm jvm =
        ChildJvm.running(worker ? WORKER : TRAINER)
            .classPath(classPath.stream().map(Path::of).toList())
            .jvmArguments(jvmArguments(worker, launchId).toArray(String[]::new));
    settings.secrets().forEach(jvm::environment);
    Path log =
        properties.logs().resolve((worker ? "inference-worker-" : "trainer-") + launchId + ".log");
    try {
      return new Child(jvm.start(log));
    } catch (UncheckedIOException e) {
      throw new LaunchException("A %s cannot be started: %s".formatted(kind, e.getMessage()), e);
    }
  }

  private List<String> jvmArguments(boolean worker, String launchId) {
    DataSize heap = worker ? properties.workerHeap() : properties.trainerHeap();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-Xms16m",
                "-Xmx" + heap.toMegabytes() + "m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-D" + SERVICE + "=static://127.0.0.1:" + ownPort.getAsInt(),
                "-Dspring.main.web-application-type=none",
                "-Dspring.grpc.server.address=127.0.0.1",
                "-Dslipway.grpc.port=0",
                "-Dslipway.worker.advertised-address=127.0.0.1"));
    // The engine's own kernels are written with it; a JRE may lack it, and they do without.
    ModuleFinder.ofSystem()
        .find(VECTORS)
        .ifPresent(module -> arguments.add("--add-modules=" + VECTORS));
    // The last one of a name wins: what is configured comes after the defaults above.
    settings.properties().forEach((key, value) -> arguments.add("-D" + key + "=" + value));
    arguments.add("-Dslipway.worker.launch-id=" + launchId);
    arguments.add("-Dslipway.worker.exit-with-parent=true");
    arguments.add("-Dslipway.trainer.exit-after-run=true");
    return arguments;
  }

  private record Child(ChildProcess process) implements LaunchedProcess {

    @Override
    public boolean isAlive() {
      return process.isAlive();
    }

    @Override
    public void whenEnded(Runnable callback) {
      ProcessHandle.of(process.pid())
          .ifPresentOrElse(
              handle -> {
                var unused = handle.onExit().thenRun(callback);
              },
              callback);
    }

    @Override
    public void askToEnd() {
      process.askToEnd();
    }

    @Override
    public void kill() {
      process.kill9();
    }

    @Override
    public void close() {
      process.close();
    }

    @Override
    public String describe() {
      return "process " + process.pid() + ", output in " + process.output();
    }
  }
}
