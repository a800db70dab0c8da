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

  /** Whether a validation is better than the one that this model was chosen by. */
  boolean isBeatenBy(ValidationPoint candidate, BestMetric metric) {
    return validation == null || metric.isBetter(candidate, validation);
  }
}
