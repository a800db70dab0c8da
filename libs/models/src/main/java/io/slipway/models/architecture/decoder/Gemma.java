package io.slipway.models.architecture.decoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Family;
import io.slipway.models.layers.Embedding;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.RmsNorm;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.attention.CausalPass;
import io.slipway.models.layers.attention.RopeParameters;
import io.slipway.models.layers.mlp.Activation;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Gemma: a {@link Llama} with scaled embeddings, a feed-forward part gated by GELU, and
 * normalisation weights around one.
 *
 * @see <a href="https://arxiv.org/abs/2403.08295">Gemma team 2024</a>
 */
public final class Gemma {

  public static final Family FAMILY =
      DecoderParts.family("gemma", Gemma::causalLm, "GemmaForCausalLM");

  private static final int WINDOW = CausalPass.UNLIMITED;

  private Gemma() {}

  private static CausalDecoder causalLm(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    DecoderConfig shared = config.shared();
    Embedding tokens = DecoderParts.tokens(weights, shared);
    List<? extends DecoderLayer> layers =
        DecoderParts.layers(shared, i -> layer(weights, config, i));
    RmsNorm norm =
        RmsNorm.aroundOne(weights, "model.norm", shared.hiddenSize(), config.rmsNormEps());
    Linear output = DecoderParts.output(weights, shared, tokens);
    return new DecoderStack(
        DecoderParts.size(weights, shared, DecoderParts.everywhere(shared, WINDOW), false),
        scaled(tokens, shared),
        DecoderStack.Positions.rotary(shared.rope()),
        layers,
        norm::apply,
        output::apply);
  }

  /** Embeddings times the root of their size, which is rounded to their type first. */
  static DecoderStack.Embeddings scaled(Embedding tokens, DecoderConfig config) {
    double scale = Math.sqrt(config.hiddenSize());
    return (forward, ids, pass) -> {
      Tensor states = tokens.apply(ids);
      if (states.scalar_type().intern() == ScalarType.Float) {
        return states.mul(new Scalar(scale));
      }
      Tensor rounded = torch.zeros().add_(new Scalar(scale)).to(states.scalar_type());
      return states.mul(new Scalar(rounded.item_double()));
    };
  }

  private static DecoderLayer layer(Weights weights, Config config, int i) {
    String prefix = "model.layers." + i + ".";
    String self = prefix + "self_attn.";
    DecoderConfig shared = config.shared();
    int h = shared.hiddenSize();
    boolean biased = config.attentionBias();
    RmsNorm first = RmsNorm.aroundOne(weights, prefix + "input_layernorm", h, config.rmsNormEps());
    RmsNorm second =
        RmsNorm.aroundOne(weights, prefix + "post_attention_layernorm", h, config.rmsNormEps());
    QueryKeyValue projections = DecoderParts.plain(weights, self, shared, biased);
    return new PreNormLayer(
        first::apply,
        DecoderParts.attention(weights, self, shared, i, WINDOW, biased, projections),
        second::apply,
        DecoderParts.mlp(weights, prefix + "mlp.", shared, false)::apply,
        0);
  }

  /** config.json, field by field; what is not implemented is refused by name. */
  record Config(DecoderConfig shared, double rmsNormEps, boolean attentionBias) {

    static Config of(ModelConfig json) {
      String unused = json.string("hidden_activation").orElse("gelu_pytorch_tanh");
      if (!unused.equals("gelu_pytorch_tanh")) {
        throw json.unsupported("hidden_activation", '"' + unused + '"', "\"gelu_pytorch_tanh\"");
      }
      return new Config(
          DecoderConfig.of(json, DEFAULTS, activation(json)),
          json.doubleOr("rms_norm_eps", 1e-6),
          json.booleanOr("attention_bias", false));
    }

    /** What Gemma and Gemma 2 take where a file says nothing. */
    static final DecoderConfig.Defaults DEFAULTS =
        new DecoderConfig.Defaults(
            16, 256, "gelu_pytorch_tanh", true, 0, RopeParameters.Defaults.USUAL);

    /** The first files say "gelu" and mean its approximation. */
    private static Activation activation(ModelConfig json) {
      Activation named = Activation.of(json, "hidden_act", DEFAULTS.activation());
      return named == Activation.GELU ? Activation.GELU_PYTORCH_TANH : named;
    }
  }
}
