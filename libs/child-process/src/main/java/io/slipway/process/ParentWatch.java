package io.slipway.process;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Ends this process when the one that launched it is gone: a launched process's standard input is a
 * pipe from its parent, which the operating system closes however the parent ends.
 */
public final class ParentWatch {

  private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(30);

  private ParentWatch() {}

  /**
   * Ends this JVM, shutdown hooks included, once standard input reaches its end; a shutdown that
   * takes longer than half a minute is cut short.
   */
  public static void exitWhenParentIsGone() {
    whenClosed(System.in, ParentWatch::exit);
  }

  static void whenClosed(InputStream pipe, Runnable end) {
    Thread.ofPlatform()
        .daemon()
        .name("parent-watch")
        .start(
            () -> {
              awaitEnd(pipe);
              end.run();
            });
  }

  private static void awaitEnd(InputStream pipe) {
    try {
      while (pipe.read() >= 0) {
        // What the parent writes means nothing; only the end of the pipe does.
      }
    } catch (IOException broken) {
      // A pipe that cannot be read has no parent at its other end either.
    }
  }

  private static void exit() {
    Thread.ofPlatform().daemon().name("shutdown-limit").start(ParentWatch::haltAfterLimit);
    System.exit(0);
  }

  private static void haltAfterLimit() {
    try {
      Thread.sleep(SHUTDOWN_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(1);
  }
}
