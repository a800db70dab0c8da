package io.slipway.trainer.run;

import io.slipway.finetune.v1.Hyperparameters;
import io.slipway.finetune.v1.TrainingPlan;
import io.slipway.finetune.v1.ValidationPoint;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The README.md of a result, in the Hub's form: metadata in YAML, then prose. */
final class ModelCard {

  private ModelCard() {}

  /**
   * @param best what the model was chosen by; null when the split has no validation part
   */
  static String of(TrainingPlan plan, RunId id, @Nullable ValidationPoint best) {
    String base = plan.getBaseVersion();
    String labels =
        plan.getLabelsList().stream()
            .map(label -> "`" + label.replaceAll("[`\\p{Cntrl}]", " ") + "`")
            .collect(Collectors.joining(", "));
    return """
        ---
        pipeline_tag: %s
        library_name: transformers
        base_model: %s
        tags:
        - slipway
        ---

        # Fine-tuned from %s

        Trained by Slipway in `%s` on `%s`. Labels: %s.

        %s
        ## Training

        | hyperparameter | value |
        |---|---|
        %s"""
        .formatted(
            plan.getTask(),
            baseModel(base),
            base,
            id.job(),
            plan.getDataset(),
            labels,
            metrics(best),
            hyperparameters(plan.getHyperparameters()));
  }

  /** {@code namespace/model} of {@code models/{namespace}/{model}/versions/{n}}. */
  private static String baseModel(String version) {
    String[] parts = version.split("/", -1);
    return parts.length >= 3 ? parts[1] + "/" + parts[2] : version;
  }

  private static String metrics(@Nullable ValidationPoint best) {
    if (best == null) {
      return "The split had no validation part; this is the state after the last step.\n";
    }
    return """
        ## Validation

        | step | loss | accuracy | macro F1 |
        |---|---|---|---|
        | %d | %s | %s | %s |
        """
        .formatted(
            best.getStep(),
            decimal(best.getLoss()),
            decimal(best.getAccuracy()),
            decimal(best.getMacroF1()));
  }

  private static String hyperparameters(Hyperparameters used) {
    return """
        | epochs | %d |
        | batch size | %d |
        | learning rate | %s |
        | weight decay | %s |
        | warm-up ratio | %s |
        | gradient norm at most | %s |
        | tokens at most | %d |
        | seed | %d |
        """
        .formatted(
            used.getEpochs(),
            used.getBatchSize(),
            used.getLearningRate(),
            used.getWeightDecay(),
            used.getWarmupRatio(),
            used.getMaxGradientNorm(),
            used.getMaxLength(),
            used.getSeed());
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
