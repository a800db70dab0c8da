package io.slipway.models.training.answers;

import io.slipway.models.training.BaseModel;
import io.slipway.models.training.Goal;
import io.slipway.models.training.Objective;
import io.slipway.models.training.answers.AnsweredQuestion.Answer;
import java.io.IOException;

/**
 * To find the answer to a question in a text, which is read in windows that overlap.
 *
 * @param maxLength tokens at most of a window, with the question; the model's own limit applies too
 * @param stride tokens of the text that each window shares with the one before
 * @param maxAnswerLength tokens at most of an answer that is found in a validation
 */
public record QuestionAnsweringGoal(int maxLength, int stride, int maxAnswerLength)
    implements Goal<AnsweredQuestion> {

  public QuestionAnsweringGoal {
    if (maxLength < 1 || stride < 0 || stride >= maxLength) {
      throw new IllegalArgumentException(
          "maxLength is %d and stride %d, expected a stride of 0 or more, below maxLength"
              .formatted(maxLength, stride));
    }
    if (maxAnswerLength < 1) {
      throw new IllegalArgumentException(
          "maxAnswerLength is " + maxAnswerLength + ", expected at least 1");
    }
  }

  @Override
  public Objective<AnsweredQuestion, ?> begin(BaseModel base)
      throws IOException, InterruptedException {
    if (base.settings().labelSmoothing() > 0) {
      throw new IllegalArgumentException(
          "labelSmoothing is %s, but answers cannot be smoothed"
              .formatted(base.settings().labelSmoothing()));
    }
    return QuestionAnsweringObjective.begin(this, base);
  }

  void check(AnsweredQuestion row) {
    int[] context = row.context().codePoints().toArray();
    for (Answer answer : row.answers()) {
      boolean within =
          answer.start() >= 0 && !answer.text().isEmpty() && answer.end() <= context.length;
      if (!within
          || !new String(context, answer.start(), answer.end() - answer.start())
              .equals(answer.text())) {
        throw new IllegalArgumentException(
            "the answer \"%s\" does not stand at character %d of its context"
                .formatted(answer.text(), answer.start()));
      }
    }
  }
}
