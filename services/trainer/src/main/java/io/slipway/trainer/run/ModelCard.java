package io.slipway.trainer.run;

import io.slipway.finetune.v1.Hyperparameters;
import io.slipway.finetune.v1.LoraConfig;
import io.slipway.finetune.v1.TrainingPlan;
import io.slipway.finetune.v1.ValidationPoint;
import io.slipway.modelfiles.ProblemType;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The README.md of a result, in the Hub's form: metadata in YAML, then prose. */
final class ModelCard {

  private static final String ADAPTER =
      """

      A LoRA adapter was trained and merged into these weights. The adapter itself is in `adapter/`, in PEFT's layout.
      """;

  private ModelCard() {}

  /**
   * @param best what the model was chosen by; null when the split has no validation part
   * @param steps after which the run has ended
   */
  static String of(TrainingPlan plan, RunId id, @Nullable ValidationPoint best, int steps) {
    String base = plan.getBaseVersion();
    return """
        ---
        pipeline_tag: %s
        library_name: transformers
        base_model: %s
        tags:
        - slipway
        %s---

        # Fine-tuned from %s

        Trained by Slipway for %s in `%s` on `%s`.%s
        %s
        %s
        ## Training

        The run has ended after %d steps.

        | hyperparameter | value |
        |---|---|
        %s%s%s"""
        .formatted(
            plan.getTask(),
            baseModel(base),
            plan.getAdapterConfig().isEmpty() ? "" : "- lora\n",
            base,
            plan.getTask(),
            id.job(),
            plan.getDataset(),
            labels(plan),
            plan.getAdapterConfig().isEmpty() ? "" : ADAPTER,
            metrics(best),
            steps,
            hyperparameters(plan.getHyperparameters()),
            stopping(plan.getHyperparameters()),
            plan.getHyperparameters().hasLora() ? lora(plan.getHyperparameters().getLora()) : "");
  }

  private static String labels(TrainingPlan plan) {
    if (plan.getLabelsCount() == 0) {
      return "";
    }
    String labels =
        plan.getLabelsList().stream().map(ModelCard::quoted).collect(Collectors.joining(", "));
    if (plan.getProblemType().equals(ProblemType.REGRESSION.configName())) {
      return " Value: " + labels + ".";
    }
    return plan.getColumns().getLabelSeparator().isEmpty()
        ? " Labels: " + labels + "."
        : " Labels, of which any number may hold: " + labels + ".";
  }

  private static String quoted(String text) {
    return "`" + text.replaceAll("[`|\\p{Cntrl}]", " ") + "`";
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
    Map<String, Double> metrics = new TreeMap<>(best.getMetricsMap());
    return """
        ## Validation

        | step | loss |%s
        |---|---|%s
        | %d | %s |%s
        """
        .formatted(
            row(metrics.keySet().stream()),
            "---|".repeat(metrics.size()),
            best.getStep(),
            decimal(best.getLoss()),
            row(metrics.values().stream().map(ModelCard::decimal)));
  }

  private static String row(Stream<String> cells) {
    return cells.map(cell -> " " + cell + " |").collect(Collectors.joining());
  }

  private static String hyperparameters(Hyperparameters used) {
    return """
        | epochs | %d |
        | batch size | %d |
        | learning rate | %s |
        | weight decay | %s |
        | AdamW's betas and epsilon | %s, %s, %s |
        | schedule | %s |
        | warm-up | %s |
        | gradient norm at most | %s |
        | rows at once | %d |
        | precision | %s |
        | gradient checkpointing | %s |
        | label smoothing | %s |
        | class weights | %s |
        %s| seed | %d |
        | best by | %s |
        """
        .formatted(
            used.getEpochs(),
            used.getBatchSize(),
            used.getLearningRate(),
            used.getWeightDecay(),
            used.getAdamBeta1(),
            used.getAdamBeta2(),
            used.getAdamEpsilon(),
            used.getLrSchedulerType(),
            used.getWarmupSteps() > 0
                ? used.getWarmupSteps() + " steps"
                : used.getWarmupRatio() + " of all steps",
            used.getMaxGradientNorm(),
            used.getMicroBatchSize(),
            used.getPrecision(),
            used.getGradientCheckpointing() ? "yes" : "no",
            used.getLabelSmoothing(),
            classWeights(used),
            texts(used),
            used.getSeed(),
            used.getMetricForBestModel());
  }

  /** Settings of the task. */
  private static String texts(Hyperparameters used) {
    Map<String, Object> set = new LinkedHashMap<>();
    set.put("tokens at most", used.getMaxLength());
    set.put("tokens of a target at most", used.getMaxTargetLength());
    set.put("tokens that windows share", used.getDocStride());
    set.put("tokens of an answer at most", used.getMaxAnswerLength());
    set.values().removeIf(tokens -> tokens.equals(0));
    if (!used.getSourcePrefix().isEmpty()) {
      set.put("before each text", quoted(used.getSourcePrefix()));
    }
    if (used.getPacking()) {
      set.put("rows one after another", "yes");
    }
    return set.entrySet().stream()
        .map(setting -> "| %s | %s |\n".formatted(setting.getKey(), setting.getValue()))
        .collect(Collectors.joining());
  }

  private static String classWeights(Hyperparameters used) {
    if (!used.hasClassWeights()) {
      return "equal";
    }
    return used.getClassWeights().getBalanced()
        ? "balanced"
        : used.getClassWeights().getWeightsMap().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(entry -> quoted(entry.getKey()) + " " + entry.getValue())
            .collect(Collectors.joining(", "));
  }

  private static String stopping(Hyperparameters used) {
    if (!used.hasEarlyStopping()) {
      return "";
    }
    return """
        | early stopping | patience %d, threshold %s |
        """
        .formatted(used.getEarlyStopping().getPatience(), used.getEarlyStopping().getThreshold());
  }

  private static String lora(LoraConfig lora) {
    return """
        | LoRA rank, alpha, dropout | %d, %s, %s |
        | LoRA target modules | %s |
        """
        .formatted(
            lora.getR(),
            lora.getLoraAlpha(),
            lora.getLoraDropout(),
            lora.getTargetModulesList().stream()
                .map(ModelCard::quoted)
                .collect(Collectors.joining(", ")));
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
