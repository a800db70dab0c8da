package io.slipway.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process whose standard input is a pipe from this one. The pipe carries nothing; that it closes,
 * when this process ends for whatever reason, is what tells the child to end.
 */
public final class ChildProcess implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Process process;
  private final Path output;

  ChildProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** The file that standard output and standard error go to. */
  public Path output() {
    return output;
  }

  /** SIGKILL, and waits until the process is gone. */
  public void kill9() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** SIGSTOP: the process freezes, keeps its memory, files and connections, and notices nothing. */
  public void stop() {
    Signal.STOP.send(pid());
  }

  /** SIGCONT: a frozen process goes on. */
  public void cont() {
    Signal.CONT.send(pid());
  }

  /** Closes the pipe: the child is asked to end, and not waited for. */
  public void askToEnd() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @return the exit code; 128 + the signal's number if a signal ended it
   * @throws TimeoutException if the process still runs then
   */
  public int awaitExit(Duration patience) throws TimeoutException, InterruptedException {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new TimeoutException(
          "process %d still runs after %s; its output is in %s".formatted(pid(), patience, output));
    }
    return process.exitValue();
  }

  /** Asks the child to end and kills it if it has not within ten seconds. */
  @Override
  public void close() {
    askToEnd();
    try {
      if (process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    kill9();
  }
}
