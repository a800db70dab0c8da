package io.slipway.models.training.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTallyTests {

  @Test
  void comparesWordsWithoutArticlesCaseAndPunctuation() {
    assertThat(AnswerTally.words("The Eiffel-Tower, a  sight!"))
        .containsExactly("eiffeltower", "sight");
  }

  @Test
  void sharesOfWordsMakeTheF1() {
    assertThat(AnswerTally.f1(List.of("big", "red", "fox"), List.of("red", "fox")))
        .isCloseTo(0.8, within(1e-9));
    assertThat(AnswerTally.f1(List.of("red", "red"), List.of("red", "fox")))
        .isCloseTo(0.5, within(1e-9));
    assertThat(AnswerTally.f1(List.of(), List.of())).isEqualTo(1);
    assertThat(AnswerTally.f1(List.of("fox"), List.of())).isEqualTo(0);
  }
}
