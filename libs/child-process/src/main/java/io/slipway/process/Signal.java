package io.slipway.process;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The POSIX signals that Java's process API cannot send. */
public enum Signal {
  INT,
  QUIT,
  KILL,
  STOP,
  CONT;

  /** Sends this signal; a process that is gone by then is left alone. */
  public void send(long pid) {
    try {
      // The shell's own kill: the program of that name is missing on slim images.
      new ProcessBuilder("sh", "-c", "kill -" + name() + " " + pid)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
