package io.slipway.models.architecture.decoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Family;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.attention.CausalPass;
import java.util.List;
import java.util.OptionalInt;

/**
 * Qwen 2 and 2.5: a {@link Llama} with biases in its projections, whose upper layers may see a
 * window only.
 *
 * @see <a href="https://arxiv.org/abs/2407.10671">Yang et al. 2024</a>
 */
public final class Qwen2 {

  public static final Family FAMILY =
      DecoderParts.family("qwen2", Qwen2::causalLm, "Qwen2ForCausalLM");

  private Qwen2() {}

  private static CausalDecoder causalLm(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return DecoderParts.stack(
        weights,
        config.shared(),
        config.rmsNormEps(),
        config.windows(),
        i -> layer(weights, config, i));
  }

  private static DecoderLayer layer(Weights weights, Config config, int i) {
    String prefix = "model.layers." + i + ".";
    String self = prefix + "self_attn.";
    DecoderConfig shared = config.shared();
    QueryKeyValue projections = DecoderParts.plain(weights, self, shared, true);
    return DecoderParts.layer(
        weights,
        prefix,
        shared,
        config.rmsNormEps(),
        DecoderParts.attention(
            weights, self, shared, i, config.windows().get(i), false, projections),
        DecoderParts.mlp(weights, prefix + "mlp.", shared, false)::apply);
  }

  /**
   * config.json, field by field; what is not implemented is refused by name.
   *
   * @param windows of the layers
   */
  record Config(DecoderConfig shared, double rmsNormEps, List<Integer> windows) {

    private static final int KEY_VALUE_HEADS = 32;
    private static final int WINDOW = 4096;
    private static final int FULL_LAYERS = 28;

    static Config of(ModelConfig json) {
      DecoderConfig shared =
          DecoderConfig.of(json, DecoderConfig.Defaults.USUAL.keyValueHeads(KEY_VALUE_HEADS));
      return new Config(
          shared, json.doubleOr("rms_norm_eps", 1e-6), windows(json, shared.numHiddenLayers()));
    }

    /** With {@code use_sliding_window}, layers from {@code max_window_layers} on slide. */
    static List<Integer> windows(ModelConfig json, int layers) {
      int window = DecoderParts.window(json, WINDOW);
      boolean used = json.booleanOr("use_sliding_window", false) && window != CausalPass.UNLIMITED;
      int full = json.intOr("max_window_layers", FULL_LAYERS);
      return LayerTypes.windows(
          json,
          layers,
          used ? OptionalInt.of(window) : OptionalInt.empty(),
          layer -> used && layer >= full);
    }
  }
}
