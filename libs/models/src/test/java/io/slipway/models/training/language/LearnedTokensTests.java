package io.slipway.models.training.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LearnedTokensTests {

  @Test
  void packingLosesNoTokenThatTeaches() {
    LearnedTokens given = LearnedTokens.of(List.of(1L, 2L, 3L), List.of(false, true, true));
    LearnedTokens other = LearnedTokens.of(List.of(4L, 5L), List.of(true, true));
    assertThat(LearnedTokens.packed(List.of(given, other), 2))
        .extracting(LearnedTokens::ids)
        .containsExactly(new long[] {1, 2}, new long[] {3, 4});
  }

  @Test
  void anExampleWithoutALearnedTokenTeachesNothing() {
    assertThat(LearnedTokens.of(List.of(1L, 2L), List.of(true, false)).teaches()).isFalse();
  }
}
