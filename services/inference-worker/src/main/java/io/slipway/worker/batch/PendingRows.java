package io.slipway.worker.batch;

import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The inputs of one request on their way through batches. */
public final class PendingRows {

  private final float[][] outputs;
  private final AtomicInteger missing;
  private final CompletableFuture<float[][]> done = new CompletableFuture<>();
  private final Runnable withdraw;

  /**
   * @param withdraw takes what still waits out of the queue
   */
  PendingRows(int rows, Consumer<PendingRows> withdraw) {
    this.outputs = new float[rows][];
    this.missing = new AtomicInteger(rows);
    this.withdraw = () -> withdraw.accept(this);
  }

  void answer(int index, float[] output) {
    outputs[index] = output;
    if (missing.decrementAndGet() == 0) {
      done.complete(outputs);
    }
  }

  void fail(Throwable failure) {
    done.completeExceptionally(failure);
  }

  /** Whether nobody waits for it any more. */
  boolean isOver() {
    return done.isDone();
  }

  /** Nobody waits any more: rows that have not begun never will. */
  public void cancel() {
    if (done.cancel(false)) {
      withdraw.run();
    }
  }

  /**
   * @return a row of outputs for each input, in order
   * @throws SlipwayException CANCELLED, or INTERNAL when the model failed
   */
  public float[][] await() throws InterruptedException {
    try {
      return done.get();
    } catch (CancellationException e) {
      throw new SlipwayException(ErrorCode.CANCELLED, "The call was cancelled.", e);
    } catch (ExecutionException e) {
      throw new SlipwayException(
          ErrorCode.INTERNAL, "The model failed: " + e.getCause(), e.getCause());
    }
  }
}
