package io.slipway.benchmarks.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.models.training.language.TextPair;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExtractedHeadlinesTests {

  private static final TextPair ROW =
      new TextPair(
          "the mayor said that the old bridge will be closed until the river falls",
          "Mayor: old bridge closed until river falls");

  /** Often enough that what is assumed of a word no longer counts. */
  private final List<TextPair> rows = Collections.nCopies(20, ROW);

  @Test
  void aHeadlineHasTheWordsOfItsTextThatHeadlinesTakeOver() {
    List<TextPair> pairs = ExtractedHeadlines.of(rows, 5).pairs(100);

    assertThat(pairs)
        .hasSize(100)
        .allSatisfy(pair -> assertThat(ROW.source()).endsWith(pair.source()))
        .contains(new TextPair(ROW.source(), "mayor old bridge closed until river falls"))
        .contains(
            new TextPair(
                "old bridge will be closed until the river falls",
                "old bridge closed until river falls"));
  }

  @Test
  void aTextOfWordsThatAreNeverTakenOverGivesItsFirst() {
    TextPair row = new TextPair("he said that it was so and it is", "No comment");

    assertThat(ExtractedHeadlines.of(Collections.nCopies(20, row), 5).pairs(20))
        .allSatisfy(pair -> assertThat(pair.source()).startsWith(pair.target()));
  }

  @Test
  void textsThatAreTooShortGiveNone() {
    assertThat(ExtractedHeadlines.of(List.of(new TextPair("too short", "Short")), 5).pairs(50))
        .isEmpty();
  }
}
