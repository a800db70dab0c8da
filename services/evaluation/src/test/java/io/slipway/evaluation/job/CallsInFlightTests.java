package io.slipway.evaluation.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CallsInFlightTests {

  @Test
  void givesResultsInTheOrderOfTheCallsAndNeverRunsMoreThanAllowed() throws InterruptedException {
    AtomicInteger running = new AtomicInteger();
    CountDownLatch threeRun = new CountDownLatch(3);
    AtomicInteger most = new AtomicInteger();
    List<Integer> results = new ArrayList<>();
    try (var calls = new CallsInFlight<Integer>(3)) {
      for (int i = 0; i < 50; i++) {
        int number = i;
        calls
            .begin(
                () -> {
                  most.accumulateAndGet(running.incrementAndGet(), Math::max);
                  threeRun.countDown();
                  threeRun.await();
                  running.decrementAndGet();
                  return number;
                })
            .ifPresent(results::add);
      }
      for (var next = calls.next(); next.isPresent(); next = calls.next()) {
        results.add(next.get());
      }
    }

    assertThat(results).hasSize(50).isSorted();
    assertThat(most).hasValue(3);
  }

  @Test
  void throwsWhatACallThrewAndInterruptsTheOthersWhenClosed() {
    AtomicBoolean interrupted = new AtomicBoolean();
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    try (var calls = new CallsInFlight<Integer>(2)) {
      assertThatThrownBy(
              () -> {
                calls.begin(
                    () -> {
                      begun.await();
                      throw new IllegalStateException("first call");
                    });
                calls.begin(
                    () -> {
                      begun.countDown();
                      try {
                        never.await();
                      } catch (InterruptedException e) {
                        interrupted.set(true);
                        throw e;
                      }
                      return 1;
                    });
                calls.next();
              })
          .hasMessage("first call");
    }

    await().untilTrue(interrupted);
  }
}
