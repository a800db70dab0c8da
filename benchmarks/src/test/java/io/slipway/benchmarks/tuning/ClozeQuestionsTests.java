package io.slipway.benchmarks.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.models.training.answers.AnsweredQuestion;
import io.slipway.models.training.answers.AnsweredQuestion.Answer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ClozeQuestionsTests {

  private static final List<String> TEXTS =
      List.of(
          "The tower of \uD835\uDD38 was built in 1887 by the engineer Gustave Eiffel of Dijon. "
              + "It took 300 workers two years. In March 1889 the tower was opened to the public.",
          "Marie Curie discovered radium together with her husband in a cold laboratory of Paris.");

  private final List<AnsweredQuestion> questions = ClozeQuestions.of(TEXTS, 3).questions(200);

  @Test
  void anAnswerStandsWhereItIsSaidTo() {
    assertThat(questions)
        .hasSize(200)
        .allSatisfy(
            row -> {
              Answer answer = row.answers().getFirst();
              int start = row.context().offsetByCodePoints(0, answer.start());
              assertThat(row.context().substring(start)).startsWith(answer.text());
            });
  }

  @Test
  void aQuestionHasWordsOfTheTextButNotItsAnswer() {
    assertThat(questions)
        .allSatisfy(
            row -> {
              String context = row.context().toLowerCase(Locale.ROOT);
              List<String> words =
                  Arrays.stream(row.question().replace("how many", "how").split("[ ?]"))
                      .skip(1)
                      .toList();
              assertThat(words).hasSizeGreaterThan(2).allMatch(context::contains);
              assertThat(row.question()).doesNotContain(row.answers().getFirst().text());
            });
  }

  @Test
  void yearsAreAskedForByWhenAndOtherNumbersByHowMany() {
    assertThat(questions)
        .anySatisfy(
            row -> {
              assertThat(row.question()).startsWith("when ");
              assertThat(row.answers().getFirst().text()).isEqualTo("1887");
            })
        .anySatisfy(
            row -> {
              assertThat(row.question()).startsWith("how many ");
              assertThat(row.answers().getFirst().text()).isEqualTo("300");
            });
  }

  @Test
  void aSeedGivesTheSameQuestionsAgain() {
    assertThat(ClozeQuestions.of(TEXTS, 3).questions(200)).isEqualTo(questions);
  }

  @Test
  void textsWithoutASentenceGiveNone() {
    assertThat(ClozeQuestions.of(List.of("yes", "no"), 3).questions(10)).isEmpty();
    assertThat(ClozeQuestions.of(List.of(), 3).questions(10)).isEmpty();
  }
}
