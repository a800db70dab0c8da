package io.slipway.worker.batch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which of the waiting rows go together. */
final class BatchPlan {

  private BatchPlan() {}

  /**
   * Takes the oldest row, then those nearest to it in length (older ones first among equals) for as
   * long as the limits hold.
   *
   * @param waiting oldest first; not empty
   */
  static List<Row> choose(List<Row> waiting, BatchLimits limits) {
    Row oldest = waiting.getFirst();
    List<Row> nearest = new ArrayList<>(waiting.subList(1, waiting.size()));
    nearest.sort(Comparator.comparingInt(row -> Math.abs(row.length() - oldest.length())));
    List<Row> batch = new ArrayList<>();
    batch.add(oldest);
    long real = oldest.length();
    long longest = oldest.length();
    for (Row row : nearest) {
      long newReal = real + row.length();
      long newLongest = Math.max(longest, row.length());
      long padded = newLongest * (batch.size() + 1);
      if (batch.size() == limits.rows()
          || padded > limits.tokens()
          || padded > newReal * (1 + limits.padding())) {
        break;
      }
      batch.add(row);
      real = newReal;
      longest = newLongest;
    }
    return batch;
  }

  /** Tokens of a batch that stand for nothing, as a share of those that do. */
  static double padding(List<Row> batch) {
    long real = batch.stream().mapToLong(Row::length).sum();
    long longest = batch.stream().mapToLong(Row::length).max().orElse(0);
    return real == 0 ? 0 : (double) (longest * batch.size() - real) / real;
  }
}
