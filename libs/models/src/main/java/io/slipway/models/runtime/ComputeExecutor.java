package io.slipway.models.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.global.torch;

/**
 * The one way onto a device: a single platform thread runs all native work of the device, one unit
 * after another, in the order in which it was given. libtorch spreads each operator over its own
 * threads.
 *
 * <p>Each unit runs in a {@link Scope} of its own with gradients off, and gives back plain Java
 * values: a native one would be freed by the time its caller saw it, and is refused.
 */
public final class ComputeExecutor implements AutoCloseable {

  private final ComputeDevice device;
  private final ExecutorService thread;

  /**
   * Starts the thread and loads libtorch.
   *
   * @param threads how many threads an operator may use on the CPU
   * @throws IllegalStateException when the device does not exist on this machine
   */
  public ComputeExecutor(ComputeDevice device, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", expected at least 1");
    }
    this.device = device;
    this.thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("compute-" + device).daemon(true).factory());
    boolean ready = false;
    try {
      waitFor(submit(() -> prepare(threads)));
      ready = true;
    } finally {
      if (!ready) {
        thread.shutdown();
      }
    }
  }

  private boolean prepare(int threads) {
    Libtorch.load();
    torch.set_num_threads(threads);
    GradMode.set_enabled(false);
    if (device.kind() == ComputeDevice.Kind.CUDA) {
      int devices = torch.cuda_is_available() ? Byte.toUnsignedInt(torch.cuda_device_count()) : 0;
      if (device.index() >= devices) {
        throw new IllegalStateException(
            "there is no device %s here: libtorch sees %d CUDA devices".formatted(device, devices));
      }
    }
    return true;
  }

  public ComputeDevice device() {
    return device;
  }

  /**
   * Runs work and waits for its result. Interrupting the caller withdraws work that has not begun;
   * work that has begun is waited for, so that its owner's state stays whole, and the interrupt
   * stays pending.
   *
   * @throws InterruptedException when the work was withdrawn
   * @throws IOException what the work threw; its unchecked exceptions come through as they are
   * @throws RejectedExecutionException when the executor is closed
   */
  public <T> T call(NativeWork<T> work) throws InterruptedException, IOException {
    Unit<T> unit = submit(work);
    try {
      return unit.get();
    } catch (InterruptedException e) {
      if (unit.withdraw()) {
        throw e;
      }
      Thread.currentThread().interrupt();
      return waitFor(unit);
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  /**
   * Frees what native owners kept, whether or not the caller is interrupted or the executor already
   * closed.
   */
  public void release(Runnable cleanUp) {
    try {
      waitFor(
          submit(
              () -> {
                cleanUp.run();
                return true;
              }));
    } catch (RejectedExecutionException e) {
      cleanUp.run();
    }
  }

  /** Finishes the work that was given and ends the thread. */
  @Override
  public void close() {
    thread.close();
  }

  private <T> Unit<T> submit(NativeWork<T> work) {
    Unit<T> unit = new Unit<>(work);
    thread.execute(unit);
    return unit;
  }

  /** Waits through interrupts, which stay pending. */
  private static <T> T waitFor(Unit<T> unit) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return unit.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          try {
            throw failure(e);
          } catch (IOException io) {
            throw new UncheckedIOException(io);
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException failure(ExecutionException e) throws IOException {
    return switch (e.getCause()) {
      case IOException io -> throw io;
      case RuntimeException runtime -> runtime;
      case Error error -> throw error;
      case null, default -> new IllegalStateException(e);
    };
  }

  /** One unit of work, which begins or is withdrawn, whichever comes first. */
  private static final class Unit<T> extends FutureTask<T> {

    private final AtomicBoolean decided = new AtomicBoolean();

    Unit(NativeWork<T> work) {
      super(() -> scoped(work));
    }

    boolean withdraw() {
      return decided.compareAndSet(false, true) && cancel(false);
    }

    @Override
    public void run() {
      if (decided.compareAndSet(false, true)) {
        super.run();
      }
    }

    private static <T> T scoped(NativeWork<T> work) throws IOException {
      try (PointerScope scope = new PointerScope()) {
        T result = work.run();
        if (result instanceof Pointer) {
          throw new IllegalStateException(
              "native work gave back a %s, which ends with its scope; expected a Java value"
                  .formatted(result.getClass().getSimpleName()));
        }
        return result;
      }
    }
  }
}
