package io.slipway.benchmarks.conformance;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * A row that the reference generated. A search that runs on for other rows fills those that have
 * ended: with padding, or with the end token where padding is 0 or unknown.
 *
 * @param ids with the end token and without what fills the row after it
 * @param ended whether an end token ends it
 * @param wentOn whether an end token came and something else after it
 */
@SuppressWarnings("ArrayRecordComponent")
record EndedRow(long[] ids, boolean ended, boolean wentOn) {

  /** What ends a row, and what may fill it. */
  record Ends(Set<Integer> tokens, Optional<Integer> padding) {

    boolean end(long id) {
      return tokens.stream().anyMatch(token -> token == id);
    }

    boolean fill(long id) {
      return end(id) || padding.stream().anyMatch(token -> token == id);
    }
  }

  /** A row whose new ids begin at a place. */
  static EndedRow of(long[] row, int begins, Ends ends) {
    for (int i = begins; i < row.length; i++) {
      if (ends.end(row[i])) {
        LongStream rest = Arrays.stream(row, i + 1, row.length);
        boolean filled =
            i + 1 == row.length || ends.fill(row[i + 1]) && rest.distinct().count() == 1;
        return filled
            ? new EndedRow(Arrays.copyOf(row, i + 1), true, false)
            : new EndedRow(row, false, true);
      }
    }
    return new EndedRow(row, false, false);
  }
}
