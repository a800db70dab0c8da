package io.slipway.models.training.language;

import io.slipway.models.training.BaseModel;
import io.slipway.models.training.Goal;
import io.slipway.models.training.Objective;
import java.io.IOException;

/**
 * To continue texts, or to answer prompts.
 *
 * @param maxLength tokens at most of an example; the model's own limit applies too
 * @param packed whether all texts are put one after another and cut into examples of that length,
 *     which wastes nothing on padding; else each text is an example, cut where it is longer
 * @param ended whether each text is followed by the model's end token, which it then learns
 */
public record TextGenerationGoal(int maxLength, boolean packed, boolean ended)
    implements Goal<LearnedText> {

  public TextGenerationGoal {
    if (maxLength < 2) {
      throw new IllegalArgumentException("maxLength is " + maxLength + ", expected at least 2");
    }
  }

  @Override
  public Objective<LearnedText, ?> begin(BaseModel base) throws IOException, InterruptedException {
    return TextGenerationObjective.begin(this, base);
  }
}
