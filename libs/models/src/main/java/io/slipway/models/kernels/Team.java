package io.slipway.models.kernels;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that help with a product. Whoever has time takes the next stripe of it, so that one that
 * wakes up late, or not at all, delays nothing. Products follow each other closely, and waking a
 * thread takes as long as a small one; so helpers look out for the next for a moment before they
 * sleep.
 */
final class Team {

  private static final long LOOK_OUT_NANOS = 100_000;

  private static final List<Helper> HELPERS = new CopyOnWriteArrayList<>();

  private static volatile @Nullable Job current;

  private Team() {}

  /** A stripe of the outputs. */
  interface Stripe {

    void run(int number);
  }

  /**
   * Runs all stripes and returns when all have ended.
   *
   * @param threads that work on them, the calling one included
   */
  static void run(int stripes, int threads, Stripe stripe) {
    Job job = new Job(stripe, stripes);
    int helpers = Math.min(threads, stripes) - 1;
    if (helpers > 0) {
      current = job;
      wake(helpers);
    }
    job.work();
    while (job.ended.get() < stripes) {
      Thread.onSpinWait();
    }
    job.rethrow();
  }

  private static void wake(int helpers) {
    synchronized (HELPERS) {
      while (HELPERS.size() < helpers) {
        Helper helper = new Helper();
        helper.thread.start();
        HELPERS.add(helper);
      }
    }
    for (int i = 0; i < helpers; i++) {
      HELPERS.get(i).wake();
    }
  }

  /** One product. */
  private static final class Job {

    private final Stripe stripe;
    private final int stripes;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile @Nullable RuntimeException failure;

    Job(Stripe stripe, int stripes) {
      this.stripe = stripe;
      this.stripes = stripes;
    }

    void work() {
      for (int i = next.getAndIncrement(); i < stripes; i = next.getAndIncrement()) {
        try {
          stripe.run(i);
        } catch (RuntimeException e) {
          failure = e;
        } finally {
          ended.incrementAndGet();
        }
      }
    }

    void rethrow() {
      RuntimeException thrown = failure;
      if (thrown != null) {
        throw thrown;
      }
    }
  }

  private static final class Helper {

    private final Thread thread =
        Thread.ofPlatform().name("kernel-helper").daemon(true).unstarted(this::help);
    private volatile boolean asleep;

    void wake() {
      if (asleep) {
        LockSupport.unpark(thread);
      }
    }

    private void help() {
      @Nullable Job last = null;
      while (true) {
        last = other(last);
        last.work();
      }
    }

    /** The job that comes after one. */
    private Job other(@Nullable Job last) {
      long sleepAt = System.nanoTime() + LOOK_OUT_NANOS;
      while (true) {
        Job job = current;
        if (job != null && job != last) {
          return job;
        }
        if (System.nanoTime() < sleepAt) {
          Thread.onSpinWait();
        } else {
          sleep(last);
        }
      }
    }

    private void sleep(@Nullable Job last) {
      asleep = true;
      if (current == last) {
        LockSupport.park(this);
      }
      asleep = false;
    }
  }
}
