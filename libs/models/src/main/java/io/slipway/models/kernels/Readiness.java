package io.slipway.models.kernels;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Whether the kernels run as the processor's own vector instructions. The JVM compiles them only
 * after it has run them for a while, thousands of times slower, so they are run on nothing in
 * particular before anyone needs them.
 */
public final class Readiness {

  private static final String MODULE = "jdk.incubator.vector";

  /** Of the processor's time, so that other work on the machine does not use it up. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  /** Compiled, a round takes less than this part of the slowest. */
  private static final int QUICKER = 50;

  /** Rounds in a row that have to be quick: one loop may be compiled before another. */
  private static final int QUICK_ROUNDS = 20;

  private static final CompletableFuture<Boolean> READY =
      CompletableFuture.supplyAsync(Readiness::compile, Readiness::start);

  private Readiness() {}

  private static void start(Runnable compiling) {
    Thread.ofPlatform().name("kernels").daemon(true).start(compiling);
  }

  /** Begins to get ready in the background, which takes a second or two, if that has not begun. */
  public static void begin() {
    // It began when this class was initialised.
  }

  /** Whether they are quick, once that is known. */
  static boolean await() {
    return READY.join();
  }

  private static boolean compile() {
    return ModuleLayer.boot().findModule(MODULE).isPresent() && becomesQuick();
  }

  private static boolean becomesQuick() {
    try (Rehearsal rehearsal = new Rehearsal()) {
      long end = CLOCK.getCurrentThreadCpuTime() + PATIENCE.toNanos();
      long slowest = 0;
      int quick = 0;
      while (CLOCK.getCurrentThreadCpuTime() < end) {
        long begin = CLOCK.getCurrentThreadCpuTime();
        rehearsal.round();
        long took = CLOCK.getCurrentThreadCpuTime() - begin;
        slowest = Math.max(slowest, took);
        quick = took < slowest / QUICKER ? quick + 1 : 0;
        if (quick == QUICK_ROUNDS) {
          return true;
        }
      }
      return false;
    }
  }
}
