package io.slipway.embedded;

import io.slipway.process.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an earlier run may have left in a data directory: a live postmaster, backends that outlived
 * theirs, a {@code postmaster.pid} that names a process which is gone or is by now something else.
 * Processes are recognised by their working directory, which for every PostgreSQL process is its
 * data directory.
 */
final class LeftoverServer {
  private static final Duration POLL = Duration.ofMillis(20);

  private LeftoverServer() {}

  /**
   * Stops it all, each process as gently as {@code patience} allows. The caller holds the
   * directory's lock.
   */
  static void stop(Path data, Duration patience) {
    try {
      Path home = data.toRealPath();
      Duration third = patience.dividedBy(3);
      boolean gone =
          endedAfter(Signal.INT, home, third)
              || endedAfter(Signal.QUIT, home, third)
              || endedAfter(Signal.KILL, home, third);
      if (!gone) {
        throw new EmbeddedStartException(
            "Processes %s of an earlier PostgreSQL in %s cannot be stopped."
                .formatted(processes(home), data));
      }
      Files.deleteIfExists(data.resolve("postmaster.pid"));
    } catch (IOException e) {
      throw new EmbeddedStartException(
          "The PostgreSQL directory %s cannot be used: %s.".formatted(data, e), e);
    } catch (InterruptedException e) {
      throw EmbeddedStartException.interrupted("stopping an earlier PostgreSQL", e);
    }
  }

  private static boolean endedAfter(Signal signal, Path home, Duration patience)
      throws IOException, InterruptedException {
    List<Long> running = processes(home);
    for (long pid : running) {
      signal.send(pid);
    }
    long deadline = System.nanoTime() + patience.toNanos();
    while (!running.isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(POLL);
      running = processes(home);
    }
    return running.isEmpty();
  }

  /** The live processes that work in {@code home}, a real path. */
  static List<Long> processes(Path home) throws IOException {
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      return entries
          .filter(entry -> Character.isDigit(entry.getFileName().toString().charAt(0)))
          .filter(entry -> worksIn(entry, home) && isPostgres(entry))
          .map(entry -> Long.parseLong(entry.getFileName().toString()))
          .toList();
    }
  }

  private static boolean worksIn(Path process, Path home) {
    try {
      return Files.readSymbolicLink(process.resolve("cwd")).equals(home);
    } catch (IOException goneOrAnotherUsers) {
      return false;
    }
  }

  private static boolean isPostgres(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip().equals("postgres");
    } catch (IOException gone) {
      return false;
    }
  }
}
