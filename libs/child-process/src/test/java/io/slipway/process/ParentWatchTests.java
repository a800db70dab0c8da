package io.slipway.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ParentWatchTests {

  @Test
  void endsOnceWhenThePipeClosesAndNotForWhatIsWrittenToIt() throws IOException {
    AtomicInteger ends = new AtomicInteger();
    try (PipedOutputStream parent = new PipedOutputStream();
        PipedInputStream pipe = new PipedInputStream(parent)) {
      ParentWatch.whenClosed(pipe, ends::incrementAndGet);
      parent.write(1);
      parent.flush();
      await().until(() -> pipe.available() == 0);
      assertThat(ends).hasValue(0);

      parent.close();

      await().until(() -> ends.get() == 1);
    }
  }
}
