package io.slipway.models.architecture.decoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Family;
import io.slipway.models.layers.Embedding;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.RmsNorm;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.attention.CausalAttention;
import io.slipway.models.layers.attention.CausalPass;
import io.slipway.models.layers.attention.Rotation;
import io.slipway.models.layers.mlp.Activation;
import io.slipway.models.layers.mlp.GatedMlp;
import io.slipway.models.layers.pass.Forward;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Gemma 2: normalised before and after each part, every other layer sees a window only, and scores
 * are capped softly.
 *
 * <p>The cap of the attention scores is applied as the reference does: only where the configuration
 * asks for its attention written out, {@code "attn_implementation": "eager"}. The fused kernel that
 * it takes otherwise knows no cap, and a model that was run with it gives these scores.
 *
 * @see <a href="https://arxiv.org/abs/2408.00118">Gemma team 2024</a>
 */
public final class Gemma2 {

  public static final Family FAMILY =
      DecoderParts.family("gemma2", Gemma2::causalLm, "Gemma2ForCausalLM");

  private Gemma2() {}

  private static CausalDecoder causalLm(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    DecoderConfig shared = config.shared();
    Embedding tokens = DecoderParts.tokens(weights, shared);
    List<? extends DecoderLayer> layers =
        DecoderParts.layers(shared, i -> new Layer(weights, config, i));
    RmsNorm norm =
        RmsNorm.aroundOne(weights, "model.norm", shared.hiddenSize(), config.rmsNormEps());
    Linear output = DecoderParts.output(weights, shared, tokens);
    return new DecoderStack(
        DecoderParts.size(
            weights, shared, config.windows(), config.attnLogitSoftcapping().isPresent()),
        Gemma.scaled(tokens, shared),
        DecoderStack.Positions.rotary(shared.rope()),
        layers,
        norm::apply,
        (forward, states) -> capped(output.apply(forward, states), config.finalLogitSoftcapping()));
  }

  /** cap * tanh(x / cap) */
  private static Tensor capped(Tensor x, OptionalDouble cap) {
    if (cap.isEmpty()) {
      return x;
    }
    Scalar limit = new Scalar(cap.getAsDouble());
    return x.div(limit).tanh().mul(limit);
  }

  /** A block whose parts are normalised on both sides. */
  private record Layer(
      RmsNorm beforeAttention,
      DecoderAttention attention,
      RmsNorm afterAttention,
      RmsNorm beforeMlp,
      GatedMlp mlp,
      RmsNorm afterMlp)
      implements DecoderLayer {

    Layer(Weights weights, Config config, int i) {
      this(weights, config, i, "model.layers." + i + ".");
    }

    private Layer(Weights weights, Config config, int i, String prefix) {
      this(
          norm(weights, prefix + "input_layernorm", config),
          attention(weights, prefix + "self_attn.", config, i),
          norm(weights, prefix + "post_attention_layernorm", config),
          norm(weights, prefix + "pre_feedforward_layernorm", config),
          DecoderParts.mlp(weights, prefix + "mlp.", config.shared(), false),
          norm(weights, prefix + "post_feedforward_layernorm", config));
    }

    private static RmsNorm norm(Weights weights, String name, Config config) {
      return RmsNorm.aroundOne(weights, name, config.shared().hiddenSize(), config.rmsNormEps());
    }

    private static DecoderAttention attention(Weights weights, String self, Config config, int i) {
      DecoderConfig shared = config.shared();
      boolean biased = config.attentionBias();
      return new DecoderAttention(
          DecoderParts.plain(weights, self, shared, biased),
          new CausalAttention(
              i,
              shared.numAttentionHeads(),
              shared.numKeyValueHeads(),
              shared.headDim(),
              config.windows().get(i),
              1 / Math.sqrt(config.queryPreAttnScalar()),
              config.attnLogitSoftcapping(),
              shared.attentionDropout()),
          new Linear(
              weights, self + "o_proj", DecoderParts.queries(shared), shared.hiddenSize(), biased));
    }

    @Override
    public Tensor apply(Forward forward, Tensor x, CausalPass pass, @Nullable Rotation rotation) {
      Tensor attended = attention.apply(forward, beforeAttention.apply(x), pass, rotation);
      Tensor middle = afterAttention.apply(attended).add_(x);
      Tensor fed = mlp.apply(forward, beforeMlp.apply(middle));
      return afterMlp.apply(fed).add_(middle);
    }
  }

  /**
   * config.json, field by field; what is not implemented is refused by name.
   *
   * @param windows of the layers
   * @param attnLogitSoftcapping empty too where the reference's fused kernel leaves it out
   */
  record Config(
      DecoderConfig shared,
      double rmsNormEps,
      boolean attentionBias,
      double queryPreAttnScalar,
      List<Integer> windows,
      OptionalDouble attnLogitSoftcapping,
      OptionalDouble finalLogitSoftcapping) {

    private static final int KEY_VALUE_HEADS = 4;
    private static final int WINDOW = 4096;
    private static final double ATTENTION_CAP = 50;
    private static final double FINAL_CAP = 30;

    static Config of(ModelConfig json) {
      DecoderConfig.Defaults absent = Gemma.Config.DEFAULTS.keyValueHeads(KEY_VALUE_HEADS);
      DecoderConfig shared =
          DecoderConfig.of(
              json, absent, Activation.of(json, "hidden_activation", absent.activation()));
      double scalar = json.doubleOr("query_pre_attn_scalar", 256);
      if (!(scalar > 0)) {
        throw json.malformed("query_pre_attn_scalar", "is " + scalar + ", expected more than 0");
      }
      int window = DecoderParts.window(json, WINDOW);
      return new Config(
          shared,
          json.doubleOr("rms_norm_eps", 1e-6),
          json.booleanOr("attention_bias", false),
          scalar,
          LayerTypes.windows(
              json,
              shared.numHiddenLayers(),
              window == CausalPass.UNLIMITED ? OptionalInt.empty() : OptionalInt.of(window),
              layer -> layer % 2 == 0),
          eager(json) ? cap(json, "attn_logit_softcapping", ATTENTION_CAP) : OptionalDouble.empty(),
          cap(json, "final_logit_softcapping", FINAL_CAP));
    }

    private static boolean eager(ModelConfig json) {
      String kind =
          json.string("_attn_implementation")
              .or(() -> json.string("attn_implementation"))
              .orElse("sdpa");
      return switch (kind) {
        case "eager" -> true;
        case "sdpa" -> false;
        default -> throw json.unsupported("attn_implementation", '"' + kind + '"', "sdpa, eager");
      };
    }

    private static OptionalDouble cap(ModelConfig json, String field, double absent) {
      if (!json.has(field)) {
        return json.mentions(field) ? OptionalDouble.empty() : OptionalDouble.of(absent);
      }
      double cap = json.doubleOr(field, absent);
      if (!(cap > 0)) {
        throw json.malformed(field, "is " + cap + ", expected more than 0");
      }
      return OptionalDouble.of(cap);
    }
  }
}
