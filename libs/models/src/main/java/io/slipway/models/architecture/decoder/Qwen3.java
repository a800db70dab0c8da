package io.slipway.models.architecture.decoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Family;
import io.slipway.models.layers.RmsNorm;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.attention.CausalAttention.Heads;
import java.util.List;

/**
 * Qwen 3: each head of queries and of keys is normalised before it rotates.
 *
 * @see <a href="https://arxiv.org/abs/2505.09388">Yang et al. 2025</a>
 */
public final class Qwen3 {

  public static final Family FAMILY =
      DecoderParts.family("qwen3", Qwen3::causalLm, "Qwen3ForCausalLM");

  private Qwen3() {}

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
            config.windows().get(i),
            config.attentionBias(),
            projections(weights, self, config)),
        DecoderParts.mlp(weights, prefix + "mlp.", shared, false)::apply);
  }

  private static QueryKeyValue projections(Weights weights, String self, Config config) {
    DecoderConfig shared = config.shared();
    int d = shared.headDim();
    QueryKeyValue plain = DecoderParts.plain(weights, self, shared, config.attentionBias());
    RmsNorm queryNorm = new RmsNorm(weights, self + "q_norm", d, config.rmsNormEps());
    RmsNorm keyNorm = new RmsNorm(weights, self + "k_norm", d, config.rmsNormEps());
    return (forward, x) -> {
      Heads heads = plain.apply(forward, x);
      return new Heads(queryNorm.apply(heads.q()), keyNorm.apply(heads.k()), heads.v());
    };
  }

  /**
   * config.json, field by field; what is not implemented is refused by name.
   *
   * @param windows of the layers
   */
  record Config(
      DecoderConfig shared, double rmsNormEps, boolean attentionBias, List<Integer> windows) {

    private static final int KEY_VALUE_HEADS = 32;
    private static final int HEAD_DIM = 128;

    static Config of(ModelConfig json) {
      DecoderConfig shared =
          DecoderConfig.of(
              json, DecoderConfig.Defaults.USUAL.keyValueHeads(KEY_VALUE_HEADS).headDim(HEAD_DIM));
      return new Config(
          shared,
          json.doubleOr("rms_norm_eps", 1e-6),
          json.booleanOr("attention_bias", false),
          Qwen2.Config.windows(json, shared.numHiddenLayers()));
    }
  }
}
