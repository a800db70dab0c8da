package io.slipway.trainer.run;

import io.slipway.artifacts.StoredFile;
import io.slipway.finetune.v1.ValidationPoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The best model of a run so far, stored in Hub layout.
 *
 * @param validation what it was chosen by; null when the split has no validation part
 */
record BestModel(@Nullable ValidationPoint validation, List<StoredFile> files) {

  BestModel {
    files = List.copyOf(files);
  }

  /** Higher macro F1 is better; of equals, the lower loss. */
  static boolean isBetter(ValidationPoint candidate, @Nullable BestModel best) {
    if (best == null || best.validation == null) {
      return true;
    }
    int byF1 = Double.compare(candidate.getMacroF1(), best.validation.getMacroF1());
    return byF1 > 0 || (byF1 == 0 && candidate.getLoss() < best.validation.getLoss());
  }
}
