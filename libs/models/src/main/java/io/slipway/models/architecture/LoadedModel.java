package io.slipway.models.architecture;

import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.modelfiles.adapter.AdapterCheckpoint;
import io.slipway.models.architecture.Family.HeadCode;
import io.slipway.models.layers.FreshWeights;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.pass.Adapter;
import io.slipway.models.layers.pass.LinearChange.LowRank;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Seed;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Predicate;

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
   * Loads a checkpoint to answer through adapters, which bring the head where it has none, or has
   * one for other labels. Owns the checkpoint from here, also when it fails.
   *
   * @param labels number of the head's labels, where it has labels
   * @throws ModelFilesException when the architecture or a setting of it is not supported, or the
   *     weights do not fit
   */
  public static <M> LoadedModel<M> forAdapters(
      Checkpoint checkpoint, Head<M> head, ComputeDevice device, Precision precision, int labels) {
    try {
      ModelConfig config = checkpoint.config();
      Family family = Architectures.family(config);
      HeadCode<M> code = code(family, head);
      boolean hasHead = has(config, code);
      boolean otherWidth = hasHead && head.labelled() && config.labels().size() != labels;
      FreshWeights brought =
          new FreshWeights(
              name -> !hasHead && code.belongsToHead(name),
              name -> otherWidth && code.dependsOnLabels(name),
              new Seed(0),
              0);
      Weights weights =
          Weights.forInference(checkpoint, family.names(), device, precision, brought);
      return build(code, config, weights, labels);
    } catch (RuntimeException e) {
      checkpoint.close();
      throw e;
    }
  }

  /**
   * An adapter for some of the rows of a batch. The caller owns it; its files may be closed then.
   *
   * @throws ModelFilesException WEIGHTS_MISMATCH when it is of another model, UNSUPPORTED_CONFIG
   *     when it brings what can only be {@linkplain #merge merged}
   */
  public Adapter adapter(AdapterCheckpoint adapter) {
    return new AdapterFit(adapter, weights).adapter();
  }

  /**
   * Makes an adapter a part of the weights, for good and for every row.
   *
   * @throws ModelFilesException WEIGHTS_MISMATCH when it is of another model, UNSUPPORTED_CONFIG
   *     when it changes a weight that another layer shares
   */
  public void merge(AdapterCheckpoint adapter) {
    new AdapterFit(adapter, weights).merge();
  }

  /**
   * Takes an adapter over whose training goes on: modules that it brings whole become the model's.
   *
   * @return its changes by layer; the caller owns their tensors
   * @throws ModelFilesException WEIGHTS_MISMATCH when it is of another model
   */
  public Map<String, LowRank> continued(AdapterCheckpoint adapter) {
    return new AdapterFit(adapter, weights).continued();
  }

  /**
   * Loads a checkpoint to train an adapter of it. One without the head gets a fresh one, which is
   * trained too. Owns the checkpoint from here, also when it fails.
   *
   * @param labels of the head, where it has labels
   * @param replaceHead whether a head for other labels may be replaced by a fresh one
   * @param trained names of the weights that are trained besides the adapter
   * @throws ModelFilesException when the architecture or a setting of it is not supported, or the
   *     weights do not fit
   */
  public static <M> LoadedModel<M> forAdapterTraining(
      Checkpoint checkpoint,
      Head<M> head,
      ComputeDevice device,
      List<String> labels,
      boolean replaceHead,
      Seed seed,
      Predicate<String> trained) {
    try {
      ModelConfig config = checkpoint.config();
      Family family = Architectures.family(config);
      HeadCode<M> code = code(family, head);
      FreshWeights fresh = fresh(config, head, code, labels, replaceHead, seed);
      Weights weights =
          Weights.forAdapterTraining(
              checkpoint,
              family.names(),
              device,
              fresh,
              name -> code.dependsOnLabels(name) || trained.test(name));
      return build(code, config, weights, labels.size());
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
    FreshWeights fresh = fresh(config, head, code, labels, replaceHead, seed);
    Weights weights = Weights.forTraining(checkpoint, family.names(), device, fresh);
    return build(code, config, weights, labels.size());
  }

  private static FreshWeights fresh(
      ModelConfig config,
      Head<?> head,
      HeadCode<?> code,
      List<String> labels,
      boolean replaceHead,
      Seed seed) {
    boolean hasHead = has(config, code);
    boolean otherLabels = head.labelled() && hasHead && !config.labels().equals(labels);
    if (otherLabels && !replaceHead) {
      throw new ModelFilesException(
          Reason.WEIGHTS_MISMATCH,
          "the checkpoint's head is for the labels %s, not for %s, and replacing it was not asked for"
              .formatted(config.labels(), labels));
    }
    return new FreshWeights(
        name -> !hasHead && code.belongsToHead(name),
        name -> otherLabels && code.dependsOnLabels(name),
        seed,
        config.doubleOr("initializer_range", 0.02));
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
