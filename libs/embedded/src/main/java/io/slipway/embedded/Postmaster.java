package io.slipway.embedded;

import io.slipway.process.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A running PostgreSQL server: a shell that starts {@code postgres} and shuts it down when the pipe
 * from this process closes, which the operating system does however this process ends.
 */
final class Postmaster implements AutoCloseable {
  /**
   * Descriptor 3 is the pipe. The server must not hold it, nor the watcher outlive the server;
   * SIGINT is PostgreSQL's fast shutdown.
   */
  private static final String END_WITH_PARENT =
      """
      exec 3<&0 </dev/null
      "$@" 3<&- &
      server=$!
      (read -r line <&3; kill -INT $server) &
      watcher=$!
      exec 3<&-
      wait $server
      code=$?
      kill $watcher 2>/dev/null
      exit $code
      """;

  private static final Duration POLL = Duration.ofMillis(20);
  private static final long LOG_LIMIT_BYTES = 8 << 20;

  private final Process shell;
  private final PostgresCluster cluster;
  private final Duration patience;

  private Postmaster(Process shell, PostgresCluster cluster, Duration patience) {
    this.shell = shell;
    this.cluster = cluster;
    this.patience = patience;
  }

  /** Starts the server and returns when it accepts connections. */
  static Postmaster start(
      PostgresCluster cluster,
      PostgresBinaries binaries,
      ServerAccount account,
      int port,
      EmbeddedPostgres.Options options) {
    // A session of its own: Ctrl-C in a terminal must not stop the database before those who still
    // write to it.
    List<String> command = new ArrayList<>(List.of("setsid"));
    command.addAll(account.prefix());
    command.addAll(List.of("sh", "-c", END_WITH_PARENT, "sh", binaries.program("postgres")));
    command.addAll(List.of("-D", cluster.data().toString()));
    PostgresSettings.of(port, options.durability())
        .forEach((name, value) -> command.add("--" + name + "=" + value));
    try {
      keepOneOldLog(cluster.log());
      long logStart = Files.exists(cluster.log()) ? Files.size(cluster.log()) : 0;
      Process shell =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(cluster.log().toFile()))
              .start();
      var postmaster = new Postmaster(shell, cluster, options.patience());
      postmaster.awaitReady(logStart);
      return postmaster;
    } catch (IOException e) {
      throw new EmbeddedStartException(
          "PostgreSQL in %s could not be started: %s.".formatted(cluster.directory(), e), e);
    }
  }

  boolean isRunning() {
    return shell.isAlive();
  }

  /** The server's process id. */
  long pid() {
    try {
      return Long.parseLong(Files.readAllLines(pidFile()).getFirst());
    } catch (IOException e) {
      throw new IllegalStateException(
          "PostgreSQL in " + cluster.directory() + " is not running", e);
    }
  }

  /** Shuts the server down: sessions are ended, what was committed stays. */
  @Override
  public void close() {
    try {
      shell.getOutputStream().close();
      if (!shell.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        Signal.QUIT.send(pid());
        shell.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      // The pipe is closed, so the server ends without being waited for.
      Thread.currentThread().interrupt();
    }
  }

  private void awaitReady(long logStart) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      while (!isReady()) {
        if (!shell.isAlive()) {
          throw new EmbeddedStartException(
              "PostgreSQL in %s did not start: %s"
                  .formatted(cluster.directory(), logSince(logStart)));
        }
        if (System.nanoTime() > deadline) {
          close();
          throw new EmbeddedStartException(
              "PostgreSQL in %s was not ready within %s: %s"
                  .formatted(cluster.directory(), patience, logSince(logStart)));
        }
        Thread.sleep(POLL);
      }
    } catch (InterruptedException e) {
      shell.getOutputStream().close();
      throw EmbeddedStartException.interrupted("starting PostgreSQL", e);
    }
  }

  /**
   * The server writes its state into the eighth line of {@code postmaster.pid} (PostgreSQL's
   * pidfile.h).
   */
  private boolean isReady() throws IOException {
    try {
      List<String> lines = Files.readAllLines(pidFile());
      return lines.size() > 7 && lines.get(7).strip().equals("ready");
    } catch (NoSuchFileException notYet) {
      return false;
    }
  }

  private Path pidFile() {
    return cluster.data().resolve("postmaster.pid");
  }

  private String logSince(long start) throws IOException {
    String log = Files.readString(cluster.log());
    return log.substring((int) Math.min(start, log.length())).strip();
  }

  private static void keepOneOldLog(Path log) throws IOException {
    if (Files.exists(log) && Files.size(log) > LOG_LIMIT_BYTES) {
      Files.move(log, log.resolveSibling("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
