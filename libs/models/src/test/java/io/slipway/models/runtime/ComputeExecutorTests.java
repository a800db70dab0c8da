package io.slipway.models.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ComputeExecutorTests {

  private final ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 2);

  @AfterEach
  void close() {
    executor.close();
  }

  @Test
  void runsEverythingOnOnePlatformThreadWithTheGivenThreads() throws Exception {
    Thread first = executor.call(Thread::currentThread);
    Thread second = executor.call(Thread::currentThread);
    assertThat(first).isSameAs(second);
    assertThat(first.isVirtual()).isFalse();
    assertThat(executor.call(torch::get_num_threads)).isEqualTo(2);
  }

  @Test
  void refusesToHandOutNativeMemory() {
    assertThatThrownBy(() -> executor.call(() -> torch.ones(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Tensor");
  }

  @Test
  void passesOnWhatTheWorkThrew() {
    assertThatThrownBy(
            () ->
                executor.call(
                    () -> {
                      throw new IOException("no such disk");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("no such disk");
    assertThatThrownBy(() -> executor.call(() -> torch.ones(2).matmul(torch.ones(3)).item_float()))
        .isInstanceOf(RuntimeException.class)
        .hasMessageContaining("inconsistent tensor size");
  }

  @Test
  void withdrawsWorkThatHasNotBegunWhenItsCallerIsInterrupted() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    AtomicBoolean ran = new AtomicBoolean();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread occupant = Thread.ofVirtual().start(() -> callQuietly(release::await));
    Awaitility.await().until(() -> occupant.getState() == Thread.State.WAITING);
    Thread waiting =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    executor.call(() -> ran.getAndSet(true));
                  } catch (InterruptedException | IOException e) {
                    thrown.set(e);
                  }
                });
    Awaitility.await().until(() -> waiting.getState() == Thread.State.WAITING);
    waiting.interrupt();
    waiting.join();
    release.countDown();
    occupant.join();
    executor.call(() -> true);
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(ran).isFalse();
  }

  private interface Blocking {
    void run() throws InterruptedException;
  }

  private void callQuietly(Blocking work) {
    try {
      executor.call(
          () -> {
            try {
              work.run();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return true;
          });
    } catch (InterruptedException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void refusesADeviceThatIsNotThere() {
    assertThatThrownBy(() -> new ComputeExecutor(ComputeDevice.parse("cuda:97"), 1))
        .hasMessageContaining("no device cuda:97");
    assertThatThrownBy(() -> ComputeDevice.parse("gpu")).hasMessageContaining("\"gpu\"");
  }

  @Test
  void refusesWorkOnceItIsClosed() {
    executor.close();
    assertThatThrownBy(() -> executor.call(() -> true))
        .isInstanceOf(RejectedExecutionException.class);
  }
}
