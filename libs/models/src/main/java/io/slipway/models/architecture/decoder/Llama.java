package io.slipway.models.architecture.decoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Family;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.attention.CausalPass;

/**
 * Llama, versions 2 and 3: normalised before each part, rotary positions, gated feed-forward, heads
 * of queries that share keys and values.
 *
 * @see <a href="https://arxiv.org/abs/2307.09288">Touvron et al. 2023</a>
 */
public final class Llama {

  public static final Family FAMILY =
      DecoderParts.family("llama", Llama::causalLm, "LlamaForCausalLM");

  private static final int WINDOW = CausalPass.UNLIMITED;

  private Llama() {}

  private static CausalDecoder causalLm(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return DecoderParts.stack(
        weights,
        config.shared(),
        config.rmsNormEps(),
        DecoderParts.everywhere(config.shared(), WINDOW),
        i -> layer(weights, config, i));
  }

  private static DecoderLayer layer(Weights weights, Config config, int i) {
    String prefix = "model.layers." + i + ".";
    String self = prefix + "self_attn.";
    DecoderConfig shared = config.shared();
    boolean biased = config.attentionBias();
    return DecoderParts.layer(
        weights,
        prefix,
        shared,
        config.rmsNormEps(),
        DecoderParts.attention(
            weights,
            self,
            shared,
            i,
            WINDOW,
            biased,
            DecoderParts.plain(weights, self, shared, biased)),
        DecoderParts.mlp(weights, prefix + "mlp.", shared, config.mlpBias())::apply);
  }

  /** config.json, field by field; what is not implemented is refused by name. */
  record Config(DecoderConfig shared, double rmsNormEps, boolean attentionBias, boolean mlpBias) {

    static Config of(ModelConfig json) {
      // Splits matrices over devices, which rounds differently for every number above 1.
      int split = json.intOr("pretraining_tp", 1);
      if (split != 1) {
        throw json.unsupported("pretraining_tp", Integer.toString(split), "1");
      }
      return new Config(
          DecoderConfig.of(json, DecoderConfig.Defaults.USUAL),
          json.doubleOr("rms_norm_eps", 1e-6),
          json.booleanOr("attention_bias", false),
          json.booleanOr("mlp_bias", false));
    }
  }
}
