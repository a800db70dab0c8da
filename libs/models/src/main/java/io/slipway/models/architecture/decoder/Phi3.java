package io.slipway.models.architecture.decoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Family;
import io.slipway.models.layers.Embedding;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Residual;
import io.slipway.models.layers.RmsNorm;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.attention.RopeParameters;
import io.slipway.models.layers.mlp.Activation;
import io.slipway.models.layers.mlp.GatedMlp;
import io.slipway.models.layers.pass.Forward;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Phi-3, 3.5 and 4: queries, keys and values come from one projection, and so do the feed-forward
 * part's two; only a part of each head may rotate.
 *
 * @see <a href="https://arxiv.org/abs/2404.14219">Abdin et al. 2024</a>
 */
public final class Phi3 {

  public static final Family FAMILY =
      DecoderParts.family("phi3", Phi3::causalLm, "Phi3ForCausalLM");

  private Phi3() {}

  private static CausalDecoder causalLm(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    DecoderConfig shared = config.shared();
    Embedding tokens = DecoderParts.tokens(weights, shared);
    List<? extends DecoderLayer> layers =
        DecoderParts.layers(shared, i -> layer(weights, config, i));
    RmsNorm norm = new RmsNorm(weights, "model.norm", shared.hiddenSize(), config.rmsNormEps());
    return DecoderParts.stack(
        weights,
        shared,
        DecoderParts.everywhere(shared, config.slidingWindow()),
        tokens,
        layers,
        norm::apply);
  }

  private static DecoderLayer layer(Weights weights, Config config, int i) {
    String prefix = "model.layers." + i + ".";
    String self = prefix + "self_attn.";
    DecoderConfig shared = config.shared();
    int h = shared.hiddenSize();
    int heads = shared.numAttentionHeads();
    int keyHeads = shared.numKeyValueHeads();
    int d = shared.headDim();
    Linear joint =
        new Linear(weights, self + "qkv_proj", h, (long) (heads + 2 * keyHeads) * d, false);
    RmsNorm first = new RmsNorm(weights, prefix + "input_layernorm", h, config.rmsNormEps());
    RmsNorm second =
        new RmsNorm(weights, prefix + "post_attention_layernorm", h, config.rmsNormEps());
    return new PreNormLayer(
        first::apply,
        DecoderParts.attention(
            weights,
            self,
            shared,
            i,
            config.slidingWindow(),
            false,
            (forward, x) -> QueryKeyValue.parts(joint.apply(forward, x), heads, keyHeads, d)),
        second::apply,
        new JointMlp(weights, prefix + "mlp.", shared)::apply,
        config.residPdrop());
  }

  /** A gated feed-forward part whose gate and what passes it come from one projection. */
  private record JointMlp(Linear gateUp, Linear down, Activation activation, int wide) {

    JointMlp(Weights weights, String prefix, DecoderConfig config) {
      this(
          new Linear(
              weights,
              prefix + "gate_up_proj",
              config.hiddenSize(),
              2L * config.intermediateSize(),
              false),
          new Linear(
              weights, prefix + "down_proj", config.intermediateSize(), config.hiddenSize(), false),
          config.hiddenAct(),
          config.intermediateSize());
    }

    Tensor apply(Forward forward, Tensor x, Residual residual) {
      Tensor both = gateUp.apply(forward, x); // [b, s, 2 * wide]
      Tensor opened = activation.apply(both.narrow(-1, 0, wide));
      Tensor gated = GatedMlp.multiplied(forward, opened, both.narrow(-1, wide, wide));
      return residual.plus(forward, down, gated);
    }
  }

  /** config.json, field by field; what is not implemented is refused by name. */
  record Config(DecoderConfig shared, double rmsNormEps, int slidingWindow, double residPdrop) {

    private static final int PAD_TOKEN = 32000;

    static Config of(ModelConfig json) {
      DecoderConfig shared =
          DecoderConfig.of(
              json,
              DecoderConfig.Defaults.USUAL
                  .padTokenId(PAD_TOKEN)
                  .rope(new RopeParameters.Defaults(10_000, true)));
      return new Config(
          shared,
          json.doubleOr("rms_norm_eps", 1e-5),
          DecoderParts.window(json, null),
          json.probabilityOr("resid_pdrop", 0));
    }
  }
}
