package io.slipway.finetune.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class BaseModelTests {

  private final BaseModel base =
      new BaseModel("models/a/b/versions/1", OptionalInt.of(64), List.of("ham", "eggs"), "");

  @Test
  void keepsItsOwnOrderForTheSameLabels() {
    assertThat(base.labelsFor(List.of("eggs", "ham"))).containsExactly("ham", "eggs");
  }

  @Test
  void takesTheDatasetsLabelsWhenTheyAreOthers() {
    assertThat(base.labelsFor(List.of("eggs", "spam"))).containsExactly("eggs", "spam");
    assertThat(base.labelsFor(List.of("eggs", "ham", "spam")))
        .containsExactly("eggs", "ham", "spam");
  }
}
