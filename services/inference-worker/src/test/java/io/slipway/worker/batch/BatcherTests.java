package io.slipway.worker.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BatcherTests {

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Semaphore permits = new Semaphore(0);
  private final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());
  private final Batcher batcher =
      new Batcher(
          "test",
          this::answerWithLengths,
          new BatchLimits(4, 1000, 1, Duration.ofMillis(2), 10),
          new BatchMeters(meters));

  /** Stands for a device: a batch takes until the test lets it pass. */
  private float[][] answerWithLengths(List<TokenizedText> texts) throws InterruptedException {
    batches.add(texts.size());
    permits.acquire();
    if (texts.stream().anyMatch(text -> text.length() == 13)) {
      throw new IllegalStateException("thirteen");
    }
    return texts.stream().map(text -> new float[] {text.length()}).toArray(float[][]::new);
  }

  @AfterEach
  void stop() {
    permits.release(1000);
    batcher.close();
  }

  private PendingRows submit(int... lengths) {
    List<TokenizedText> texts = new ArrayList<>();
    for (int length : lengths) {
      texts.add(BatchPlanTests.text(length));
    }
    return batcher.submit(texts);
  }

  /** Keeps the device busy with one row. */
  private PendingRows occupy() {
    int before = batches.size();
    PendingRows first = submit(5);
    await().until(() -> batches.size() == before + 1);
    return first;
  }

  @Test
  void answersEachInputInItsPlaceHoweverTheyAreBatched() throws Exception {
    permits.release(1000);
    float[][] outputs = submit(3, 90, 4, 80, 5, 70, 6).await();
    assertThat(outputs).isDeepEqualTo(new float[][] {{3}, {90}, {4}, {80}, {5}, {70}, {6}});
  }

  @Test
  void putsWhatHasWaitedTogether() throws Exception {
    PendingRows first = occupy();
    List<PendingRows> more = List.of(submit(5), submit(6), submit(5), submit(6));
    permits.release(2);
    first.await();
    for (PendingRows request : more) {
      request.await();
    }
    assertThat(batches).containsExactly(1, 4);
    assertThat(meters.get("slipway.worker.batch.rows").summary().max()).isEqualTo(4);
    assertThat(meters.get("slipway.worker.queue").timer().count()).isEqualTo(5);
    assertThat(meters.get("slipway.worker.compute").timer().count()).isEqualTo(2);
  }

  @Test
  void refusesAWholeRequestWhenTheQueueIsFull() throws Exception {
    occupy();
    submit(1, 1, 1, 1, 1, 1, 1, 1);
    assertThatThrownBy(() -> submit(1, 1, 1))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.QUEUE_FULL))
        .hasMessageContaining("limit of 10");
    assertThat(batcher.waiting()).isEqualTo(8);
    submit(1, 1);
  }

  @Test
  void neverRunsWhatWasCancelledInTheQueue() throws Exception {
    PendingRows first = occupy();
    PendingRows cancelled = submit(7, 7);
    PendingRows kept = submit(8);

    cancelled.cancel();

    assertThat(batcher.waiting()).isEqualTo(1);
    permits.release(1000);
    assertThatThrownBy(cancelled::await)
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    first.await();
    kept.await();
    assertThat(batches).containsExactly(1, 1);
  }

  @Test
  void aBatchThatFailsTakesNoOtherWithIt() throws Exception {
    PendingRows first = occupy();
    PendingRows unlucky = submit(13);
    permits.release(1000);
    first.await();
    assertThatThrownBy(unlucky::await)
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL))
        .hasMessageContaining("thirteen");
    assertThat(submit(9).await()).isDeepEqualTo(new float[][] {{9}});
  }

  @Test
  void finishesWhatWaitsBeforeItCloses() throws Exception {
    PendingRows first = occupy();
    PendingRows second = submit(6, 7);
    permits.release(1000);

    batcher.close();

    assertThat(first.isOver()).isTrue();
    assertThat(second.await()).isDeepEqualTo(new float[][] {{6}, {7}});
    assertThatThrownBy(() -> submit(1)).isInstanceOf(SlipwayException.class);
  }
}
