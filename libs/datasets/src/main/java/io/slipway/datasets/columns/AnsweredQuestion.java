package io.slipway.datasets.columns;

import java.util.List;

/**
 * A question, the text to answer it from, and right answers.
 *
 * @param answers none where the text does not say
 */
public record AnsweredQuestion(String question, String context, List<Answer> answers) {

  public AnsweredQuestion {
    answers = List.copyOf(answers);
  }

  /**
   * An answer.
   *
   * @param text as it stands in the context
   * @param start where, counted in characters (code points)
   */
  public record Answer(String text, int start) {}
}
