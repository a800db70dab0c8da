package io.slipway.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ValidationScheduleTests {

  @Test
  void validatesAfterEachEpoch() {
    assertThat(due(new ValidationSchedule(0, 4, 12))).containsExactly(4, 8, 12);
  }

  @Test
  void validatesEverySoManyStepsAndAtTheEnd() {
    assertThat(due(new ValidationSchedule(5, 4, 12))).containsExactly(5, 10, 12);
  }

  private static int[] due(ValidationSchedule schedule) {
    return IntStream.rangeClosed(1, schedule.totalSteps()).filter(schedule::isDue).toArray();
  }
}
