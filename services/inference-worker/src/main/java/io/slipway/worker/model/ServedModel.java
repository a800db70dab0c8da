package io.slipway.worker.model;

import io.grpc.Context;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.task.LabelScore;
import io.slipway.models.task.ScoreFunction;
import io.slipway.models.task.TextClassification;
import io.slipway.worker.batch.BatchLimits;
import io.slipway.worker.batch.BatchMeters;
import io.slipway.worker.batch.Batcher;
import io.slipway.worker.batch.PendingRows;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A loaded model with its queue. Owns both. */
public final class ServedModel implements AutoCloseable {

  private final TextClassification task;
  private final Batcher batcher;

  ServedModel(String name, TextClassification task, BatchLimits limits, BatchMeters meters) {
    this.task = task;
    this.batcher = new Batcher(name, task::logits, limits, meters);
  }

  /**
   * Labels texts in batches with those of other calls. When the current gRPC context is cancelled,
   * what has not begun never does.
   *
   * @return a list for each text, in order
   */
  public List<List<LabelScore>> classify(
      List<String> texts, Optional<ScoreFunction> function, int topK) throws InterruptedException {
    List<TokenizedText> tokenized = texts.stream().map(task::tokenize).toList();
    PendingRows pending = batcher.submit(tokenized);
    Context.CancellationListener listener = context -> pending.cancel();
    Context context = Context.current();
    context.addListener(listener, Runnable::run);
    try {
      return Arrays.stream(pending.await()).map(row -> task.scores(row, function, topK)).toList();
    } finally {
      context.removeListener(listener);
      pending.cancel();
    }
  }

  /** Inputs that wait for their batch. */
  int waiting() {
    return batcher.waiting();
  }

  /** Finishes what waits, then frees the weights. */
  @Override
  public void close() {
    batcher.close();
    task.close();
  }
}
