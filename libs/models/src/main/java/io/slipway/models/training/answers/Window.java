package io.slipway.models.training.answers;

import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.training.answers.AnsweredQuestion.Answer;
import java.util.List;

/**
 * A question with a part of its context, and where the answer is in it.
 *
 * @param row which all windows of a question share
 * @param nowhere the token that stands for an answer that is not in the window
 * @param start index of the answer's first token, or of {@code nowhere}
 * @param end index of the answer's last token, or of {@code nowhere}
 */
record Window(AnsweredQuestion row, TokenizedText text, int nowhere, int start, int end) {

  /**
   * Finds the answer in a window; one that is cut by its edge is not there.
   *
   * @param nowhere as above
   */
  static Window of(AnsweredQuestion row, TokenizedText text, int nowhere) {
    List<Answer> answers = row.answers();
    if (answers.isEmpty()) {
      return new Window(row, text, nowhere, nowhere, nowhere);
    }
    Answer answer = answers.getFirst();
    int start = -1;
    int end = -1;
    int first = -1;
    int last = -1;
    for (int i = 0; i < text.length(); i++) {
      if (text.sequences()[i] == 1) {
        first = first < 0 ? i : first;
        last = i;
        start = text.starts()[i] <= answer.start() ? i : start;
        end = end < 0 && text.ends()[i] >= answer.end() ? i : end;
      }
    }
    boolean whole =
        first >= 0 && text.starts()[first] <= answer.start() && text.ends()[last] >= answer.end();
    return whole
        ? new Window(row, text, nowhere, start, end)
        : new Window(row, text, nowhere, nowhere, nowhere);
  }

  /** The context from one token to another, inclusive. */
  String between(int first, int last) {
    String context = row.context();
    int from = context.offsetByCodePoints(0, text.starts()[first]);
    return context.substring(
        from,
        context.offsetByCodePoints(from, Math.max(0, text.ends()[last] - text.starts()[first])));
  }
}
