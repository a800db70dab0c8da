package io.slipway.finetune.recipe;

import static io.slipway.finetune.recipe.Hyperparameter.require;
import static io.slipway.finetune.recipe.Hyperparameter.requireOneOf;

import java.util.List;

/**
 * What a step computes, and how.
 *
 * @param epochs passes over the train part
 * @param batchSize rows a step
 * @param microBatchSize rows that run at once
 * @param gradientCheckpointing whether activations are computed again instead of kept
 * @param precision of matrix products
 */
record Batches(
    int epochs,
    int batchSize,
    int microBatchSize,
    boolean gradientCheckpointing,
    String precision) {

  static final int EPOCHS = 3;
  static final String FP32 = "fp32";

  private static final List<String> PRECISIONS = List.of(FP32, "bf16");
  private static final int MOST_EPOCHS = 1_000;
  private static final int LARGEST_BATCH = 4_096;

  Batches {
    require("epochs", epochs, epochs >= 1 && epochs <= MOST_EPOCHS, "1 to " + MOST_EPOCHS);
    require(
        "batch_size",
        batchSize,
        batchSize >= 1 && batchSize <= LARGEST_BATCH,
        "1 to " + LARGEST_BATCH);
    require(
        "micro_batch_size",
        microBatchSize,
        microBatchSize >= 1 && microBatchSize <= batchSize,
        "1 to the batch_size of " + batchSize);
    requireOneOf("precision", precision, PRECISIONS);
  }

  /** Steps of the whole run; the last one of an epoch may have fewer rows. */
  long totalSteps(long trainRows) {
    return Math.ceilDiv(trainRows, (long) batchSize) * epochs;
  }
}
