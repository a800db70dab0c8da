package io.slipway.models.kernels;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Whether the kernels run as the processor's own vector instructions. The JVM compiles them only
 * after it has run them for a while, thousands of times slower, so they are run on nothing in
 * particular before anyone needs them.
 */
final class Readiness {

  private static final String MODULE = "jdk.incubator.vector";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Compiled, a round takes less than this part of the slowest. */
  private static final int QUICKER = 50;

  /** Rounds in a row that have to be quick: one loop may be compiled before another. */
  private static final int QUICK_ROUNDS = 20;

  /** Numbers of rows of a round: all that a loop may see, so that none is compiled without it. */
  private static final int ROWS = 9;

  private static final CompletableFuture<Boolean> READY =
      CompletableFuture.supplyAsync(Readiness::compile, Readiness::start);

  private Readiness() {}

  private static void start(Runnable compiling) {
    Thread.ofPlatform().name("kernels").daemon(true).start(compiling);
  }

  /** Begins to get ready, if that has not begun. */
  static void begin() {
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
    int outputs = 64 + 3;
    int inputs = 16 * NarrowKernel.LANES;
    try (Arena arena = Arena.ofShared()) {
      NarrowKernel kernel =
          new NarrowKernel(
              arena.allocate((long) outputs * inputs * Short.BYTES, Long.BYTES),
              arena.allocate((long) ROWS * inputs * Float.BYTES, Long.BYTES),
              arena.allocate((long) ROWS * outputs * Float.BYTES, Long.BYTES),
              inputs,
              outputs);
      long end = System.nanoTime() + PATIENCE.toNanos();
      long slowest = 0;
      int quick = 0;
      while (System.nanoTime() < end) {
        long begin = System.nanoTime();
        for (int rows = 1; rows <= ROWS; rows++) {
          kernel.run(rows, 0, outputs - rows % 4);
        }
        long took = System.nanoTime() - begin;
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
