package io.slipway.benchmarks.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.slipway.models.training.answers.AnsweredQuestion;
import io.slipway.models.training.answers.AnsweredQuestion.Answer;
import io.slipway.models.training.language.Rouge;
import io.slipway.models.training.language.TextPair;
import io.slipway.models.training.words.LabelledWords;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaselinesTests {

  private static final List<String> LABELS = List.of("B-place", "O");

  @Test
  void theMostFrequentLabelIsThatOfTraining() {
    assertThat(Baselines.majority(List.of(1, 0, 1), List.of(1, 0, 0, 0))).isEqualTo(0.25);
  }

  @Test
  void rememberedTagsFindTheEntitiesThatTrainingHad() {
    DataRows<LabelledWords> rows =
        new DataRows<>(
            List.of(
                new LabelledWords(List.of("in", "Rome", "we", "ate"), List.of(1, 0, 1, 1)),
                new LabelledWords(List.of("we", "slept"), List.of(1, 1))),
            List.of(new LabelledWords(List.of("Rome", "or", "Oslo"), List.of(0, 1, 0))));

    assertThat(Baselines.rememberedTags(rows, LABELS).metric("recall")).isEqualTo(0.5);
    assertThat(Baselines.rememberedTags(rows, LABELS).metric("precision")).isEqualTo(1);
    assertThat(Baselines.mostFrequentTag(rows, LABELS).metric("f1")).isZero();
    assertThat(Baselines.mostFrequentTag(rows, LABELS).metric("accuracy"))
        .isCloseTo(1.0 / 3, within(1e-9));
  }

  @Test
  void unigramsCountEachTokenOnceMore() {
    double perplexity =
        Baselines.unigramPerplexity(List.of(new long[] {0, 0}), List.of(new long[] {0, 1}), 2);

    // Probabilities 3/4 and 1/4.
    assertThat(perplexity)
        .isCloseTo(Math.exp(-(Math.log(0.75) + Math.log(0.25)) / 2), within(1e-9));
  }

  @Test
  void theBestFixedPlaceIsThatOfTraining() {
    AnsweredQuestion second =
        new AnsweredQuestion("What?", "red green blue", List.of(new Answer("green", 4)));
    AnsweredQuestion third =
        new AnsweredQuestion("What?", "one two three", List.of(new Answer("three", 8)));

    assertThat(Baselines.fixedPlace(new DataRows<>(List.of(second), List.of(second)))).isEqualTo(1);
    assertThat(Baselines.fixedPlace(new DataRows<>(List.of(second), List.of(third)))).isZero();
  }

  @Test
  void theLeadIsAsLongAsTargetsAre() {
    TextPair pair = new TextPair("rain falls on all of us", "rain falls");

    double rouge =
        Baselines.written(
                new DataRows<>(List.of(pair), List.of(pair)), Baselines::lead, new Rouge())
            .metrics()
            .getOrDefault("rougeL", 0.0);

    assertThat(rouge).isEqualTo(1);
  }
}
