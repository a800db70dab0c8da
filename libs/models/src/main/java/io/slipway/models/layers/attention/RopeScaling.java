package io.slipway.models.layers.attention;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import java.util.List;
import java.util.Optional;

/** How rotary frequencies are stretched for sequences longer than those of the pretraining. */
public sealed interface RopeScaling {

  /** Not at all. */
  record Default() implements RopeScaling {}

  /** All frequencies are divided by the factor. */
  record Linear(double factor) implements RopeScaling {}

  /** The base grows with sequences longer than {@code positions}. */
  record Dynamic(double factor, int positions) implements RopeScaling {}

  /** Low frequencies are divided by the factor, high ones stay, those between are blended. */
  record Llama3(double factor, double lowFactor, double highFactor, double originalPositions)
      implements RopeScaling {}

  /**
   * Each frequency has a factor of its own, one for short sequences and one for long ones.
   *
   * @param originalPositions tokens of the longest short sequence
   * @param attentionFactor by which cosines and sines are multiplied
   */
  record Long(
      List<Double> shortFactors,
      List<Double> longFactors,
      int originalPositions,
      double attentionFactor)
      implements RopeScaling {}

  /**
   * Reads the scaling.
   *
   * @param rope the configuration's {@code rope_scaling} or {@code rope_parameters}
   * @param type its type
   * @param half how many frequencies there are
   * @throws ModelFilesException when the type is not supported, or a field of it is missing
   */
  static RopeScaling of(
      ModelConfig config, ModelConfig rope, String type, int positions, int half) {
    return switch (type) {
      case "default" -> new Default();
      case "linear" -> new Linear(positive(rope, "factor"));
      case "dynamic" -> new Dynamic(positive(rope, "factor"), positions);
      case "llama3" -> llama3(rope, positions);
      case "longrope", "su" -> longRope(config, rope, positions, half);
      default ->
          throw rope.unsupported(
              "rope_type", '"' + type + '"', "default, linear, dynamic, llama3, longrope");
    };
  }

  private static Llama3 llama3(ModelConfig rope, int positions) {
    Llama3 scaling =
        new Llama3(
            positive(rope, "factor"),
            positive(rope, "low_freq_factor"),
            positive(rope, "high_freq_factor"),
            rope.integer("original_max_position_embeddings").orElse(positions));
    if (scaling.highFactor() <= scaling.lowFactor()) {
      throw rope.malformed(
          "high_freq_factor",
          "is %s, expected more than low_freq_factor, %s"
              .formatted(scaling.highFactor(), scaling.lowFactor()));
    }
    return scaling;
  }

  private static Long longRope(ModelConfig config, ModelConfig rope, int positions, int half) {
    int original =
        config
            .integer("original_max_position_embeddings")
            .or(() -> rope.integer("original_max_position_embeddings"))
            .orElse(positions);
    double factor = rope.decimal("factor").orElse((double) positions / original);
    double implied = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
    return new Long(
        factors(rope, "short_factor", half),
        factors(rope, "long_factor", half),
        original,
        rope.decimal("attention_factor").orElse(implied));
  }

  private static List<Double> factors(ModelConfig rope, String field, int half) {
    Optional<List<Double>> factors = rope.decimals(field);
    if (factors.isEmpty() || factors.get().size() != half) {
      throw rope.malformed(
          field,
          "has %s values, expected %d"
              .formatted(factors.map(list -> Integer.toString(list.size())).orElse("no"), half));
    }
    return factors.get();
  }

  private static double positive(ModelConfig rope, String field) {
    double value =
        rope.decimal(field)
            .orElseThrow(() -> rope.malformed(field, "is missing, and the rope type needs it"));
    if (!(value > 0)) {
      throw rope.malformed(field, "is " + value + ", expected more than 0");
    }
    return value;
  }
}
