package io.slipway.models.architecture;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.layers.WeightNames;
import io.slipway.models.layers.Weights;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * An architecture and its heads: everything that shares a {@code model_type}.
 *
 * @param modelType as config.json names it
 * @param names what it knows about the names in its checkpoints
 * @param positions how many tokens a sequence may have; empty when the architecture sets no limit
 * @param heads code by head
 */
public record Family(
    String modelType,
    WeightNames names,
    Function<ModelConfig, OptionalInt> positions,
    Map<Head<?>, HeadCode<?>> heads) {

  /** Builds a model from its configuration and weights. */
  @FunctionalInterface
  public interface Builder<M> {

    /**
     * Asks for every weight of the model.
     *
     * @param labels width of the head, where the labels set it
     */
    M build(ModelConfig config, Weights weights, int labels);
  }

  /**
   * One head.
   *
   * @param classNames the reference's classes whose checkpoints have it; the first is written when
   *     a model is saved
   * @param labelled prefixes of the weights that depend on the labels
   * @param beneath prefixes of weights that a checkpoint made for another head may lack, and that
   *     then begin fresh too
   */
  public record HeadCode<M>(
      List<String> classNames, Builder<M> builder, List<String> labelled, List<String> beneath) {

    /** A head whose weights all come from the checkpoint. */
    public static <M> HeadCode<M> of(Builder<M> builder, String... classNames) {
      return new HeadCode<>(Arrays.asList(classNames), builder, List.of(), List.of());
    }

    /** The same head, of whose weights these depend on the labels. */
    public HeadCode<M> labels(String... prefixes) {
      return new HeadCode<>(classNames, builder, Arrays.asList(prefixes), beneath);
    }

    /** The same head, for which these begin fresh too when it is put onto another's checkpoint. */
    public HeadCode<M> fresh(String... prefixes) {
      return new HeadCode<>(classNames, builder, labelled, Arrays.asList(prefixes));
    }

    boolean dependsOnLabels(String weight) {
      return labelled.stream().anyMatch(weight::startsWith);
    }

    boolean belongsToHead(String weight) {
      return dependsOnLabels(weight) || beneath.stream().anyMatch(weight::startsWith);
    }
  }

  /** A family without heads yet, whose positions are numbered in a table. */
  public static Family of(String modelType, WeightNames names) {
    return new Family(
        modelType,
        names,
        config -> OptionalInt.of(config.requirePositiveInt("max_position_embeddings")),
        Map.of());
  }

  /** The same family with another limit of its sequences. */
  public Family positions(Function<ModelConfig, OptionalInt> limit) {
    return new Family(modelType, names, limit, heads);
  }

  /** The same family with one head more, whose weights all come from the checkpoint. */
  public <M> Family head(Head<M> head, Builder<M> builder, String... classNames) {
    return head(head, HeadCode.of(builder, classNames));
  }

  /** The same family with one head more. */
  public <M> Family head(Head<M> head, HeadCode<M> code) {
    Map<Head<?>, HeadCode<?>> more = new LinkedHashMap<>(heads);
    more.put(head, code);
    return new Family(modelType, names, positions, Collections.unmodifiableMap(more));
  }

  /** The code of a head, if this family has it. */
  @SuppressWarnings("unchecked") // Code is put in under a head of its own type.
  <M> Optional<HeadCode<M>> code(Head<M> head) {
    return Optional.ofNullable((HeadCode<M>) heads.get(head));
  }
}
