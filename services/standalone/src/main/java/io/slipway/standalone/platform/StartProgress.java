package io.slipway.standalone.platform;

import io.slipway.standalone.platform.PlatformState.Phase;
import java.time.Duration;
import java.time.Instant;

/** Writes the platform's state into its data directory as it changes. */
final class StartProgress {

  private final DataDirectory data;
  private final PlatformOptions options;
  private final Instant processStart =
      ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
  private String hub = "";
  private int done;
  private int steps = 1;

  StartProgress(DataDirectory data, PlatformOptions options) {
    this.data = data;
    this.options = options;
  }

  void expect(int steps) {
    this.steps = steps;
  }

  void hub(String endpoint) {
    hub = endpoint;
  }

  synchronized void begin(String step) {
    write(Phase.STARTING, step, 0, 0);
    done++;
  }

  void ready() {
    double seconds = Duration.between(processStart, Instant.now()).toMillis() / 1000.0;
    write(Phase.READY, "ready", seconds, ResidentMemory.ofProcessTree(ProcessHandle.current()));
  }

  void failed(String reason) {
    write(Phase.FAILED, reason, 0, 0);
  }

  void stopping() {
    write(Phase.STOPPING, "stopping", 0, 0);
  }

  private void write(Phase phase, String step, double readySeconds, long residentMiB) {
    new PlatformState(
            ProcessHandle.current().pid(),
            processStart.toEpochMilli(),
            phase,
            step,
            done,
            steps,
            "http://127.0.0.1:" + options.port(),
            "127.0.0.1:" + options.grpcPort(),
            hub,
            readySeconds,
            residentMiB)
        .write(data);
  }
}
