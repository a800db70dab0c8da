package io.slipway.standalone.platform;

import io.slipway.standalone.platform.PlatformState.Phase;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Starts the platform's process apart from this one, and waits for it to be ready. */
public final class PlatformLauncher {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** The first run of a build writes the start-up cache when it stops. */
  private static final Duration STOP_PATIENCE = Duration.ofMinutes(3);

  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final DataDirectory data;

  public PlatformLauncher(DataDirectory data) {
    this.data = data;
  }

  /**
   * Makes sure that the platform runs.
   *
   * @param progress gets each state that is new
   * @return the state once it is ready
   * @throws PlatformException when it cannot be started, or runs with other options
   */
  public PlatformState ensureReady(PlatformOptions options, Consumer<PlatformState> progress) {
    Optional<PlatformState> live =
        PlatformState.ofLiveProcess(data).filter(s -> s.phase() != Phase.FAILED);
    if (live.isPresent()) {
      requireSame(live.get(), options);
      return awaitReady(live.get().process().orElseThrow(), progress);
    }
    LoopbackPorts.requireFree(options.port(), "--port");
    LoopbackPorts.requireFree(options.grpcPort(), "gRPC, the port after --port");
    return awaitReady(launch(options).toHandle(), progress);
  }

  private void requireSame(PlatformState live, PlatformOptions options) {
    String hub = options.hubEndpoint();
    if (hub != null && !live.hub().isEmpty() && !live.hub().equals(hub)) {
      throw new PlatformException(
          "The platform in %s takes models from %s; run \"slipway down\" before using %s."
              .formatted(data.root(), live.hub(), hub));
    }
  }

  private Process launch(PlatformOptions options) {
    Installation installation = Installation.current();
    StartupCache cache = startupCache(installation);
    List<String> command = new ArrayList<>();
    // A session of its own: what ends this command, such as Ctrl-C, does not end the platform.
    command.add("setsid");
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The first compiler alone: the second takes two fifths of the start's processor time, which
    // the
    // workers, processes of their own with both, have better use for.
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(
        List.of(
            "-Xmx640m",
            "-XX:+UseSerialGC",
            "-XX:MaxMetaspaceSize=320m",
            "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(cache.jvmArguments());
    command.add("-Dslipway.home=" + installation.home());
    command.add("-Dslipway.logs=" + data.logs());
    // One logging system for all services of the process: logback.xml.
    command.add("-Dorg.springframework.boot.logging.LoggingSystem=none");
    command.addAll(List.of("-cp", cache.classPath(), PlatformProcess.class.getName()));
    command.addAll(List.of("--data-dir", data.root().toString()));
    command.addAll(options.arguments());
    try {
      Files.createDirectories(data.logs());
      Files.deleteIfExists(data.stateFile());
      File output = data.logs().resolve("platform.out").toFile();
      return new ProcessBuilder(command)
          .redirectInput(new File("/dev/null"))
          .redirectErrorStream(true)
          .redirectOutput(output)
          .start();
    } catch (IOException e) {
      throw new PlatformException("The platform's process could not be started: " + e, e);
    }
  }

  private StartupCache startupCache(Installation installation) {
    return new StartupCache(data.startupCache(), installation.classPath("standalone"));
  }

  /**
   * Whether {@link #stop} takes longer, since the start-up cache of this build is yet to be saved.
   */
  public boolean savesStartupCache() {
    return !startupCache(Installation.current()).exists();
  }

  private PlatformState awaitReady(ProcessHandle process, Consumer<PlatformState> progress) {
    Instant deadline = Instant.now().plus(PATIENCE);
    PlatformState seen = null;
    while (Instant.now().isBefore(deadline)) {
      Optional<PlatformState> now = PlatformState.read(data);
      if (now.isPresent() && !now.get().equals(seen)) {
        seen = now.get();
        progress.accept(seen);
        if (seen.phase() == Phase.READY) {
          return seen;
        }
        if (seen.phase() == Phase.FAILED) {
          throw new PlatformException(seen.step());
        }
      }
      if (!process.isAlive()) {
        throw new PlatformException(
            "The platform's process ended before it was ready; " + data.logs() + " says more.");
      }
      pause();
    }
    throw new PlatformException(
        "The platform is not ready after %d s; %s says more."
            .formatted(PATIENCE.toSeconds(), data.logs()));
  }

  /**
   * Stops the platform, where one runs.
   *
   * @return whether one ran
   */
  public boolean stop() {
    Optional<ProcessHandle> process =
        PlatformState.ofLiveProcess(data).flatMap(PlatformState::process);
    if (process.isEmpty()) {
      return false;
    }
    process.get().destroy();
    try {
      process.get().onExit().get(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      process.get().destroyForcibly();
      process.get().onExit().join();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_EVERY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("Interrupted; the platform goes on starting.", e);
    }
  }
}
