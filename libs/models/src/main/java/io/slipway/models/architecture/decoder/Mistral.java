package io.slipway.models.architecture.decoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Family;
import io.slipway.models.layers.Weights;

/**
 * Mistral: a {@link Llama} whose tokens may see a window only.
 *
 * @see <a href="https://arxiv.org/abs/2310.06825">Jiang et al. 2023</a>
 */
public final class Mistral {

  public static final Family FAMILY =
      DecoderParts.family("mistral", Mistral::causalLm, "MistralForCausalLM");

  private Mistral() {}

  private static CausalDecoder causalLm(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return DecoderParts.stack(
        weights,
        config.shared(),
        config.rmsNormEps(),
        DecoderParts.everywhere(config.shared(), config.slidingWindow()),
        i -> layer(weights, config, i));
  }

  private static DecoderLayer layer(Weights weights, Config config, int i) {
    String prefix = "model.layers." + i + ".";
    DecoderConfig shared = config.shared();
    return DecoderParts.layer(
        weights,
        prefix,
        shared,
        config.rmsNormEps(),
        attention(weights, prefix + "self_attn.", shared, i, config.slidingWindow()),
        DecoderParts.mlp(weights, prefix + "mlp.", shared, false)::apply);
  }

  /** An attention layer without biases. */
  static DecoderAttention attention(
      Weights weights, String self, DecoderConfig shared, int layer, int window) {
    return DecoderParts.attention(
        weights,
        self,
        shared,
        layer,
        window,
        false,
        DecoderParts.plain(weights, self, shared, false));
  }

  /** config.json, field by field; what is not implemented is refused by name. */
  record Config(DecoderConfig shared, double rmsNormEps, int slidingWindow) {

    private static final int KEY_VALUE_HEADS = 8;
    private static final int WINDOW = 4096;

    static Config of(ModelConfig json) {
      if (json.has("layer_types")) {
        throw json.unsupported("layer_types", "present", "the same window in all layers");
      }
      return new Config(
          DecoderConfig.of(json, DecoderConfig.Defaults.USUAL.keyValueHeads(KEY_VALUE_HEADS)),
          json.doubleOr("rms_norm_eps", 1e-6),
          DecoderParts.window(json, WINDOW));
    }
  }
}
