package io.slipway.standalone.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a platform process tells those who look into its data directory.
 *
 * @param pid of the process, with the time it began, since pids are used again
 * @param phase STARTING, READY, STOPPING or FAILED
 * @param step what is being done, or why it failed
 * @param done steps done of all
 * @param readySeconds from the start of the process until everything answered; 0 before
 * @param residentMiB of the process and its children when it became ready; 0 before
 */
public record PlatformState(
    long pid,
    long processStartMillis,
    Phase phase,
    String step,
    int done,
    int steps,
    String gateway,
    String grpc,
    String hub,
    double readySeconds,
    long residentMiB) {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** Where a platform process is in its life. */
  public enum Phase {
    STARTING,
    READY,
    STOPPING,
    FAILED
  }

  public static Optional<PlatformState> read(DataDirectory data) {
    try {
      return Optional.of(JSON.readValue(Files.readString(data.stateFile()), PlatformState.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | JacksonException e) {
      throw new PlatformException("The file " + data.stateFile() + " cannot be read: " + e, e);
    }
  }

  /** The state of a platform that is alive; empty when there is none, or it died without a word. */
  public static Optional<PlatformState> ofLiveProcess(DataDirectory data) {
    return read(data).filter(PlatformState::isAlive);
  }

  public boolean isAlive() {
    return process().isPresent();
  }

  public Optional<ProcessHandle> process() {
    return ProcessHandle.of(pid)
        .filter(
            p ->
                p.isAlive()
                    && p.info().startInstant().map(Instant::toEpochMilli).orElse(0L)
                        == processStartMillis);
  }

  void write(DataDirectory data) {
    try {
      DataDirectory.write(data.stateFile(), JSON.writeValueAsString(this));
    } catch (IOException e) {
      throw new PlatformException("The file " + data.stateFile() + " cannot be written: " + e, e);
    }
  }
}
