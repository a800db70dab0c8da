package io.slipway.models.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TeamTests {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void runsEveryStripeOnce(int threads) {
    for (int round = 0; round < 200; round++) {
      AtomicIntegerArray runs = new AtomicIntegerArray(17);

      Team.run(runs.length(), threads, runs::incrementAndGet);

      for (int i = 0; i < runs.length(); i++) {
        assertThat(runs.get(i)).isOne();
      }
    }
  }

  @Test
  void runsStripesAtTheSameTime() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    CountDownLatch together = new CountDownLatch(3);

    Team.run(
        3,
        3,
        stripe -> {
          threads.add(Thread.currentThread());
          together.countDown();
          awaitUninterrupted(together);
        });

    assertThat(threads).hasSize(3).contains(Thread.currentThread());
  }

  @Test
  void throwsWhatAStripeThrewOnceAllHaveEnded() {
    AtomicIntegerArray runs = new AtomicIntegerArray(9);

    assertThatThrownBy(
            () ->
                Team.run(
                    9,
                    2,
                    stripe -> {
                      runs.incrementAndGet(stripe);
                      if (stripe == 4) {
                        throw new IllegalStateException("stripe 4");
                      }
                    }))
        .hasMessage("stripe 4");

    for (int i = 0; i < 9; i++) {
      assertThat(runs.get(i)).isOne();
    }
  }

  @Test
  void servesSeveralCallersAtOnce() throws Exception {
    try (var callers = Executors.newFixedThreadPool(4)) {
      List<Future<AtomicIntegerArray>> all = new ArrayList<>();
      for (int caller = 0; caller < 4; caller++) {
        all.add(
            callers.submit(
                () -> {
                  AtomicIntegerArray runs = new AtomicIntegerArray(100);
                  for (int round = 0; round < 100; round++) {
                    Team.run(100, 3, runs::incrementAndGet);
                  }
                  return runs;
                }));
      }
      for (Future<AtomicIntegerArray> one : all) {
        for (int i = 0; i < 100; i++) {
          assertThat(one.get().get(i)).isEqualTo(100);
        }
      }
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
