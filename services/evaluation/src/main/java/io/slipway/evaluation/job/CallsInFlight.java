package io.slipway.evaluation.job;

import io.grpc.Context;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Some calls at a time, each on a virtual thread; their results come back to the one thread that
 * makes them, in the order of the calls. Closing it interrupts those that still run.
 */
final class CallsInFlight<T> implements AutoCloseable {

  private final int limit;
  private final Queue<Future<T>> calls = new ArrayDeque<>();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  CallsInFlight(int limit) {
    this.limit = limit;
  }

  /**
   * Begins a call; first waits for the oldest one when there are as many as allowed.
   *
   * @return the result of the oldest one, when it was waited for
   */
  Optional<T> begin(Callable<T> call) throws InterruptedException {
    Optional<T> oldest = calls.size() < limit ? Optional.empty() : next();
    calls.add(executor.submit(Context.current().wrap(call)));
    return oldest;
  }

  /**
   * Waits for the oldest call.
   *
   * @return its result; empty when there is none left
   */
  Optional<T> next() throws InterruptedException {
    Future<T> oldest = calls.poll();
    if (oldest == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(oldest.get());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("A call failed.", e.getCause());
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
