package io.slipway.embedded.process;

import java.io.IOException;
import java.time.Duration;

/** The child's side of the rule that a child process ends when its parent's pipe closes. */
public final class ParentWatch {
  private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(30);

  private ParentWatch() {}

  /**
   * Ends this JVM, shutdown hooks included, once standard input reaches its end. A shutdown that
   * takes longer than half a minute is cut short. To be called first thing in {@code main} of a
   * program started by {@link ChildJvm}.
   */
  public static void exitWhenParentIsGone() {
    Thread.ofPlatform().daemon().name("parent-watch").start(ParentWatch::awaitEndOfInput);
  }

  private static void awaitEndOfInput() {
    try {
      while (System.in.read() >= 0) {
        // Whatever the parent writes means nothing: only the end of the pipe does.
      }
    } catch (IOException brokenPipe) {
      // A pipe that cannot be read has no parent at its other end either.
    }
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
