package io.slipway.models.training.answers;

import java.util.List;

/**
 * A question, the text to answer it from, and right answers, in the way of SQuAD.
 *
 * @param answers the first is learned, any is right; none where the text does not say
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
  public record Answer(String text, int start) {

    int end() {
      return start + text.codePointCount(0, text.length());
    }
  }
}
