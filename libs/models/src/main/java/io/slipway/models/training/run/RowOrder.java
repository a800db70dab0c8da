package io.slipway.models.training.run;

import io.slipway.models.runtime.Seed;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Which rows each step takes: a pure function of the step, so that a resumed run takes the same
 * ones.
 */
final class RowOrder {

  private final int rows;
  private final int batchSize;
  private final boolean shuffle;
  private final Seed seed;
  private int epoch = -1;
  private int[] order = {};

  RowOrder(int rows, int batchSize, boolean shuffle, Seed seed) {
    this.rows = rows;
    this.batchSize = batchSize;
    this.shuffle = shuffle;
    this.seed = seed;
  }

  /** The last step of an epoch takes what is left. */
  int stepsPerEpoch() {
    return Math.ceilDiv(rows, batchSize);
  }

  /** Indices of a step's rows. */
  int[] rowsOf(int step) {
    int stepInEpoch = step % stepsPerEpoch();
    turnTo(step / stepsPerEpoch());
    int from = stepInEpoch * batchSize;
    return Arrays.copyOfRange(order, from, Math.min(rows, from + batchSize));
  }

  private void turnTo(int wanted) {
    if (wanted == epoch) {
      return;
    }
    order = IntStream.range(0, rows).toArray();
    if (shuffle) {
      Random random = new Random(seed.derive(wanted).value());
      for (int i = rows - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
      }
    }
    epoch = wanted;
  }
}
