package io.slipway.models.architecture;

import io.slipway.modelfiles.ArchitectureSupport;
import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.modelfiles.SupportedArchitectures;
import io.slipway.modelfiles.Task;
import io.slipway.models.layers.FreshWeights;
import io.slipway.models.layers.Weights;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Seed;
import java.util.List;

/**
 * A sequence classifier with its weights, which it owns. Loading, running and closing happen on the
 * compute thread.
 *
 * @param className the reference's class of the model, which is not the checkpoint's own where a
 *     head was added
 */
public record LoadedClassifier(SequenceClassifier model, Weights weights, String className)
    implements AutoCloseable {

  /**
   * Loads a checkpoint that has a classification head, to answer with it. Owns the checkpoint from
   * here, also when it fails.
   *
   * @throws ModelFilesException when the architecture or a setting of it is not supported, or the
   *     weights do not fit
   */
  public static LoadedClassifier forInference(
      Checkpoint checkpoint, ComputeDevice device, Precision precision) {
    try {
      ModelConfig config = checkpoint.config();
      requireHead(config);
      ClassifierArchitecture architecture = Architectures.classifier(config);
      Weights weights = Weights.forInference(checkpoint, architecture.names(), device, precision);
      return build(architecture, config, weights, config.labels().size());
    } catch (RuntimeException e) {
      checkpoint.close();
      throw e;
    }
  }

  /**
   * Loads a checkpoint to train it as a classifier of the given labels. One without a
   * classification head gets a fresh one. The checkpoint may be closed afterwards.
   *
   * @param replaceHead whether a head for other labels may be replaced by a fresh one
   * @throws ModelFilesException when the architecture or a setting of it is not supported, or the
   *     weights do not fit
   */
  public static LoadedClassifier forTraining(
      Checkpoint checkpoint,
      ComputeDevice device,
      List<String> labels,
      boolean replaceHead,
      Seed seed) {
    ModelConfig config = checkpoint.config();
    ClassifierArchitecture architecture = Architectures.classifier(config);
    boolean hasHead = hasHead(config);
    boolean otherLabels = hasHead && !config.labels().equals(labels);
    if (otherLabels && !replaceHead) {
      throw new ModelFilesException(
          Reason.WEIGHTS_MISMATCH,
          "the checkpoint's head is for the labels %s, not for %s, and replacing it was not asked for"
              .formatted(config.labels(), labels));
    }
    FreshWeights fresh =
        new FreshWeights(
            name ->
                !hasHead
                    && (architecture.head().test(name) || architecture.beforeHead().test(name)),
            name -> otherLabels && architecture.head().test(name),
            seed,
            config.doubleOr("initializer_range", 0.02));
    Weights weights = Weights.forTraining(checkpoint, architecture.names(), device, fresh);
    return build(architecture, config, weights, labels.size());
  }

  private static LoadedClassifier build(
      ClassifierArchitecture architecture, ModelConfig config, Weights weights, int labels) {
    boolean complete = false;
    try {
      SequenceClassifier model = architecture.builder().build(config, weights, labels);
      weights.complete();
      complete = true;
      return new LoadedClassifier(model, weights, architecture.className());
    } finally {
      if (!complete) {
        weights.close();
      }
    }
  }

  private static boolean hasHead(ModelConfig config) {
    return SupportedArchitectures.require(config)
        .serves()
        .filter(task -> task == Task.TEXT_CLASSIFICATION)
        .isPresent();
  }

  private static void requireHead(ModelConfig config) {
    ArchitectureSupport support = SupportedArchitectures.require(config);
    if (!hasHead(config)) {
      throw new ModelFilesException(
          Reason.UNSUPPORTED_ARCHITECTURE,
          "%s has no classification head: fine-tune it first".formatted(support.architecture()));
    }
  }

  @Override
  public void close() {
    weights.close();
  }
}
