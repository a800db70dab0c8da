package io.slipway.models.training.language;

import io.slipway.models.training.BaseModel;
import io.slipway.models.training.Goal;
import io.slipway.models.training.Objective;
import java.io.IOException;

/**
 * To turn one text into another.
 *
 * @param writing what it is, which decides how a validation measures it
 * @param prefix put before each source, such as T5's {@code "summarize: "}; may be empty
 * @param maxSourceLength tokens at most of a source; the model's own limit applies too
 * @param maxTargetLength tokens at most of a target, likewise
 * @param written whether a validation writes texts and compares them with the targets, which takes
 *     much longer than to measure the loss
 */
public record TextToTextGoal(
    Writing writing, String prefix, int maxSourceLength, int maxTargetLength, boolean written)
    implements Goal<TextPair> {

  /** The kinds of it. */
  public enum Writing {
    /** Measured by ROUGE. */
    SUMMARIZATION,
    /** Measured by chrF. */
    TRANSLATION
  }

  public TextToTextGoal {
    if (maxSourceLength < 1 || maxTargetLength < 1) {
      throw new IllegalArgumentException(
          "maxSourceLength is %d and maxTargetLength %d, expected both at least 1"
              .formatted(maxSourceLength, maxTargetLength));
    }
  }

  @Override
  public Objective<TextPair, ?> begin(BaseModel base) throws IOException, InterruptedException {
    return TextToTextObjective.begin(this, base);
  }
}
