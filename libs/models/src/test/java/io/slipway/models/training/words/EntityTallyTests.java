package io.slipway.models.training.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.slipway.models.training.Validation;
import io.slipway.models.training.words.EntityTally.Entity;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntityTallyTests {

  @Test
  void findsEntitiesByTheRulesOfCoNLL() {
    assertThat(EntityTally.entities(List.of("B-PER", "I-PER", "O", "I-LOC", "I-LOC", "B-LOC")))
        .containsExactlyInAnyOrder(
            new Entity("PER", 0, 2), new Entity("LOC", 3, 5), new Entity("LOC", 5, 6));
    assertThat(EntityTally.entities(List.of("B-PER", "I-LOC")))
        .containsExactlyInAnyOrder(new Entity("PER", 0, 1), new Entity("LOC", 1, 2));
    assertThat(EntityTally.entities(List.of("S-PER", "B-PER", "E-PER", "I-PER")))
        .containsExactlyInAnyOrder(
            new Entity("PER", 0, 1), new Entity("PER", 1, 3), new Entity("PER", 3, 4));
    assertThat(EntityTally.entities(List.of("noun", "noun", "O", "verb")))
        .containsExactlyInAnyOrder(new Entity("noun", 0, 2), new Entity("verb", 3, 4));
  }

  @Test
  void countsAnEntityOnlyWhenAllOfItIsRight() {
    EntityTally tally = new EntityTally(List.of("O", "B-PER", "I-PER"));
    tally.add(List.of(scores(1), scores(0), scores(1)), List.of(1, 2, 1));
    Validation result = tally.result(1);
    assertThat(result.metric("precision")).isEqualTo(0.5);
    assertThat(result.metric("recall")).isEqualTo(0.5);
    assertThat(result.metric("f1")).isEqualTo(0.5);
    assertThat(result.metric("accuracy")).isCloseTo(2 / 3.0, within(1e-9));
  }

  private static float[] scores(int best) {
    float[] scores = new float[3];
    scores[best] = 1;
    return scores;
  }
}
