package io.slipway.models.layers.attention;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import java.util.List;
import java.util.Optional;

/**
 * Settings of rotary positions.
 *
 * @param theta base of the frequencies
 * @param features of a head that rotate, from the first on; even
 */
public record RopeParameters(double theta, int features, RopeScaling scaling) {

  /**
   * What holds where a configuration says nothing.
   *
   * @param partial whether the architecture can rotate a part of a head only
   */
  public record Defaults(double theta, boolean partial) {

    public static final Defaults USUAL = new Defaults(10_000, false);
  }

  /**
   * Reads {@code rope_scaling} (older files) or {@code rope_parameters}, and the fields that older
   * files have beside them.
   *
   * @param headSize features of a head
   * @param positions {@code max_position_embeddings}
   * @throws ModelFilesException when it asks for what is not supported, or makes no sense
   */
  public static RopeParameters of(
      ModelConfig config, int headSize, int positions, Defaults defaults) {
    ModelConfig rope =
        config
            .object("rope_scaling")
            .filter(older -> !older.isEmpty())
            .or(() -> config.object("rope_parameters"))
            .orElseGet(() -> ModelConfig.parse("rope_parameters", "{}"));
    for (String layers : List.of("full_attention", "sliding_attention")) {
      if (rope.has(layers)) {
        throw rope.unsupported(layers, "present", "the same parameters for all layers");
      }
    }
    String type = rope.string("rope_type").or(() -> rope.string("type")).orElse("default");
    if (defaults.partial() && type.equals("yarn")) {
      type = "longrope"; // What Phi-3's first files called it.
    }
    double theta =
        rope.decimal("rope_theta").orElseGet(() -> config.doubleOr("rope_theta", defaults.theta()));
    if (!(theta > 0)) {
      throw config.malformed("rope_theta", "is " + theta + ", expected more than 0");
    }
    int features = features(config, rope, headSize, defaults.partial());
    return new RopeParameters(
        theta, features, RopeScaling.of(config, rope, type, positions, features / 2));
  }

  private static int features(ModelConfig config, ModelConfig rope, int headSize, boolean partial) {
    Optional<Double> factor =
        rope.decimal("partial_rotary_factor").or(() -> config.decimal("partial_rotary_factor"));
    double part = factor.orElse(1.0);
    if (part != 1 && !partial) {
      throw config.unsupported("partial_rotary_factor", Double.toString(part), "1");
    }
    int features = (int) (headSize * part);
    if (features < 2 || features > headSize || features % 2 != 0) {
      throw config.malformed(
          "partial_rotary_factor",
          "is %s of a head of %d, expected an even number of features".formatted(part, headSize));
    }
    return features;
  }

  /** Whether frequencies differ between sequences of different lengths. */
  public boolean dependsOnLength() {
    return scaling instanceof RopeScaling.Dynamic || scaling instanceof RopeScaling.Long;
  }

  /** By what cosines and sines are multiplied. */
  public double attentionFactor() {
    return scaling instanceof RopeScaling.Long own ? own.attentionFactor() : 1;
  }

  /**
   * Radians that each pair of features turns by from one position to the next, in single precision
   * as in the reference.
   *
   * @param length tokens of the sequence
   */
  public float[] inverseFrequencies(int length) {
    return switch (scaling) {
      case RopeScaling.Default plain -> plain((float) theta);
      case RopeScaling.Linear linear -> {
        float[] frequencies = plain((float) theta);
        for (int i = 0; i < frequencies.length; i++) {
          frequencies[i] /= (float) linear.factor();
        }
        yield frequencies;
      }
      case RopeScaling.Dynamic dynamic -> plain((float) base(dynamic, length));
      case RopeScaling.Llama3 llama3 -> llama3(llama3);
      case RopeScaling.Long own ->
          divided(length > own.originalPositions() ? own.longFactors() : own.shortFactors());
    };
  }

  private float[] plain(float base) {
    float[] frequencies = new float[features / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = 1 / (float) Math.pow(base, 2f * i / features);
    }
    return frequencies;
  }

  private double base(RopeScaling.Dynamic dynamic, int length) {
    if (length <= dynamic.positions()) {
      return theta;
    }
    double stretch = dynamic.factor() * length / dynamic.positions() - (dynamic.factor() - 1);
    return theta * Math.pow(stretch, features / (features - 2.0));
  }

  private float[] llama3(RopeScaling.Llama3 llama3) {
    float[] frequencies = plain((float) theta);
    float factor = (float) llama3.factor();
    float longest = (float) (llama3.originalPositions() / llama3.lowFactor());
    float shortest = (float) (llama3.originalPositions() / llama3.highFactor());
    for (int i = 0; i < frequencies.length; i++) {
      float wave = (float) (2 * Math.PI) / frequencies[i];
      if (wave > longest) {
        frequencies[i] /= factor;
      } else if (wave >= shortest) {
        float smooth =
            ((float) llama3.originalPositions() / wave - (float) llama3.lowFactor())
                / (float) (llama3.highFactor() - llama3.lowFactor());
        frequencies[i] = (1 - smooth) * frequencies[i] / factor + smooth * frequencies[i];
      }
    }
    return frequencies;
  }

  private float[] divided(List<Double> factors) {
    float[] frequencies = new float[features / 2];
    for (int i = 0; i < frequencies.length; i++) {
      float power = (float) Math.pow((float) theta, 2f * i / features);
      frequencies[i] = 1 / (factors.get(i).floatValue() * power);
    }
    return frequencies;
  }
}
