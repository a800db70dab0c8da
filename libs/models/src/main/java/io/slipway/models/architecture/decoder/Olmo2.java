package io.slipway.models.architecture.decoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Family;
import io.slipway.models.layers.LinearGroup;
import io.slipway.models.layers.RmsNorm;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.attention.CausalPass;
import io.slipway.models.layers.attention.Rotation;
import io.slipway.models.layers.mlp.GatedMlp;
import io.slipway.models.layers.pass.Forward;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * OLMo 2: normalised after each part instead of before, and queries and keys are normalised over
 * all heads at once.
 *
 * @see <a href="https://arxiv.org/abs/2501.00656">OLMo team 2024</a>
 */
public final class Olmo2 {

  public static final Family FAMILY =
      DecoderParts.family("olmo2", Olmo2::causalLm, "Olmo2ForCausalLM");

  private static final int WINDOW = CausalPass.UNLIMITED;

  private Olmo2() {}

  private static CausalDecoder causalLm(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return DecoderParts.stack(
        weights,
        config.shared(),
        config.rmsNormEps(),
        DecoderParts.everywhere(config.shared(), WINDOW),
        i -> new Layer(weights, config, i));
  }

  private record Layer(
      DecoderAttention attention, RmsNorm afterAttention, GatedMlp mlp, RmsNorm afterMlp)
      implements DecoderLayer {

    Layer(Weights weights, Config config, int i) {
      this(weights, config, i, "model.layers." + i + ".");
    }

    private Layer(Weights weights, Config config, int i, String prefix) {
      this(
          DecoderParts.attention(
              weights,
              prefix + "self_attn.",
              config.shared(),
              i,
              WINDOW,
              config.attentionBias(),
              projections(weights, prefix + "self_attn.", config)),
          norm(weights, prefix + "post_attention_layernorm", config),
          DecoderParts.mlp(weights, prefix + "mlp.", config.shared(), false),
          norm(weights, prefix + "post_feedforward_layernorm", config));
    }

    private static RmsNorm norm(Weights weights, String name, Config config) {
      return new RmsNorm(weights, name, config.shared().hiddenSize(), config.rmsNormEps());
    }

    private static QueryKeyValue projections(Weights weights, String self, Config config) {
      DecoderConfig shared = config.shared();
      int d = shared.headDim();
      LinearGroup projections =
          DecoderParts.projections(weights, self, shared, config.attentionBias());
      RmsNorm queryNorm =
          new RmsNorm(weights, self + "q_norm", DecoderParts.queries(shared), config.rmsNormEps());
      RmsNorm keyNorm =
          new RmsNorm(weights, self + "k_norm", DecoderParts.keys(shared), config.rmsNormEps());
      return (forward, x) -> {
        List<Tensor> all = projections.apply(forward, x);
        return QueryKeyValue.byHead(
            List.of(queryNorm.apply(all.get(0)), keyNorm.apply(all.get(1)), all.get(2)), d);
      };
    }

    @Override
    public Tensor apply(Forward forward, Tensor x, CausalPass pass, @Nullable Rotation rotation) {
      Tensor middle = afterAttention.apply(attention.apply(forward, x, pass, rotation)).add_(x);
      return afterMlp.apply(mlp.apply(forward, middle)).add_(middle);
    }
  }

  /** config.json, field by field; what is not implemented is refused by name. */
  record Config(DecoderConfig shared, double rmsNormEps, boolean attentionBias) {

    static Config of(ModelConfig json) {
      return new Config(
          DecoderConfig.of(json, DecoderConfig.Defaults.USUAL.padTokenId(Olmo.Config.PAD_TOKEN)),
          json.doubleOr("rms_norm_eps", 1e-5),
          json.booleanOr("attention_bias", false));
    }
  }
}
