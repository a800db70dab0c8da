package io.slipway.worker.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.modelfiles.tokenizer.TokenizedText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchPlanTests {

  private static final BatchLimits LIMITS =
      new BatchLimits(8, 512, 0.5, Duration.ofMillis(2), 1000);

  @Test
  void takesTheOldestRowEvenIfItIsLargerThanABatch() {
    assertThat(lengths(BatchPlan.choose(rows(600, 4, 4), LIMITS))).containsExactly(600);
  }

  @Test
  void takesTheRowsNearestToTheOldestInLength() {
    assertThat(lengths(BatchPlan.choose(rows(10, 100, 11, 9, 90, 10), LIMITS)))
        .containsExactlyInAnyOrder(10, 11, 9, 10);
  }

  @Test
  void takesNoMoreRowsThanFit() {
    assertThat(BatchPlan.choose(rows(5, 5, 5, 5, 5, 5, 5, 5, 5, 5), LIMITS)).hasSize(8);
    assertThat(lengths(BatchPlan.choose(rows(200, 200, 200), LIMITS))).containsExactly(200, 200);
  }

  @Test
  void boundsPaddingWhateverWaits() {
    Random random = new Random(7);
    for (int trial = 0; trial < 200; trial++) {
      int[] lengths = random.ints(1 + random.nextInt(60), 2, 128).toArray();
      List<Row> waiting = rows(lengths);
      List<Row> batch = BatchPlan.choose(waiting, LIMITS);
      assertThat(batch).contains(waiting.getFirst()).doesNotHaveDuplicates();
      assertThat(BatchPlan.padding(batch)).isLessThanOrEqualTo(0.5);
    }
  }

  private static List<Row> rows(int... lengths) {
    List<Row> rows = new ArrayList<>();
    for (int length : lengths) {
      rows.add(new Row(new PendingRows(1, request -> {}), 0, text(length), 0));
    }
    return rows;
  }

  private static List<Integer> lengths(List<Row> rows) {
    return rows.stream().map(Row::length).toList();
  }

  static TokenizedText text(int length) {
    return TokenizedText.of(new long[length]);
  }
}
