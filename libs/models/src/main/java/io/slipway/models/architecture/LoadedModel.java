package io.slipway.models.architecture;

import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.models.architecture.Family.HeadCode;
import io.slipway.models.layers.FreshWeights;
import io.slipway.models.layers.Weights;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Seed;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/**
 * A model with its weights, which it owns. Loading, running and closing happen on the compute
 * thread.
 *
 * @param <M> what it can do, as its head says
 * @param className the reference's class of the model, which is not the checkpoint's own where a
 *     head was added
 */
public record LoadedModel<M>(M model, Weights weights, String className) implements AutoCloseable {

  /**
   * Loads a checkpoint that has a head, to answer with it. Owns the checkpoint from here, also when
   * it fails.
   *
   * @throws ModelFilesException when the architecture or a setting of it is not supported, or the
   *     weights do not fit
   */
  public static <M> LoadedModel<M> forInference(
      Checkpoint checkpoint, Head<M> head, ComputeDevice device, Precision precision) {
    try {
      ModelConfig config = checkpoint.config();
      Family family = Architectures.family(config);
      HeadCode<M> code = code(family, head);
      if (!has(config, code)) {
        throw new ModelFilesException(
            Reason.UNSUPPORTED_ARCHITECTURE,
            "%s has no head for %s: fine-tune it first"
                .formatted(config.architectures().getFirst(), head.task().pipelineTag()));
      }
      Weights weights = Weights.forInference(checkpoint, family.names(), device, precision);
      return build(code, config, weights, head.labelled() ? config.labels().size() : 0);
    } catch (RuntimeException e) {
      checkpoint.close();
      throw e;
    }
  }

  /**
   * Loads a checkpoint to train it. One without the head gets a fresh one. The checkpoint may be
   * closed afterwards.
   *
   * @param labels of the head, where it has labels
   * @param replaceHead whether a head for other labels may be replaced by a fresh one
   * @throws ModelFilesException when the architecture or a setting of it is not supported, or the
   *     weights do not fit
   */
  public static <M> LoadedModel<M> forTraining(
      Checkpoint checkpoint,
      Head<M> head,
      ComputeDevice device,
      List<String> labels,
      boolean replaceHead,
      Seed seed) {
    ModelConfig config = checkpoint.config();
    Family family = Architectures.family(config);
    HeadCode<M> code = code(family, head);
    boolean hasHead = has(config, code);
    boolean otherLabels = head.labelled() && hasHead && !config.labels().equals(labels);
    if (otherLabels && !replaceHead) {
      throw new ModelFilesException(
          Reason.WEIGHTS_MISMATCH,
          "the checkpoint's head is for the labels %s, not for %s, and replacing it was not asked for"
              .formatted(config.labels(), labels));
    }
    FreshWeights fresh =
        new FreshWeights(
            name -> !hasHead && code.belongsToHead(name),
            name -> otherLabels && code.dependsOnLabels(name),
            seed,
            config.doubleOr("initializer_range", 0.02));
    Weights weights = Weights.forTraining(checkpoint, family.names(), device, fresh);
    return build(code, config, weights, labels.size());
  }

  /**
   * How many tokens a sequence may have; empty when the architecture sets no limit.
   *
   * @throws ModelFilesException when the architecture is not supported
   */
  public static OptionalInt positions(ModelConfig config) {
    return Architectures.family(config).positions().apply(config);
  }

  /** Whether a checkpoint has this head, or would get a fresh one when it is trained. */
  public static boolean hasHead(ModelConfig config, Head<?> head) {
    return Architectures.family(config).code(head).filter(code -> has(config, code)).isPresent();
  }

  private static <M> LoadedModel<M> build(
      HeadCode<M> code, ModelConfig config, Weights weights, int labels) {
    boolean complete = false;
    try {
      M model = code.builder().build(config, weights, labels);
      weights.complete();
      complete = true;
      return new LoadedModel<>(model, weights, code.classNames().getFirst());
    } finally {
      if (!complete) {
        weights.close();
      }
    }
  }

  private static <M> HeadCode<M> code(Family family, Head<M> head) {
    return family
        .code(head)
        .orElseThrow(
            () ->
                new ModelFilesException(
                    Reason.UNSUPPORTED_ARCHITECTURE,
                    "%s models are not supported for %s"
                        .formatted(family.modelType(), head.task().pipelineTag())));
  }

  private static boolean has(ModelConfig config, HeadCode<?> code) {
    return !Collections.disjoint(config.architectures(), code.classNames());
  }

  @Override
  public void close() {
    weights.close();
  }
}
