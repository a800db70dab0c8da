package io.slipway.models.architecture.decoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Family;
import io.slipway.models.layers.Embedding;
import io.slipway.models.layers.LinearGroup;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.attention.CausalAttention.Heads;
import io.slipway.models.layers.attention.CausalPass;
import io.slipway.models.layers.pass.Forward;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * OLMo: a {@link Llama} whose normalisations have no weights, and whose queries, keys and values
 * may be clipped.
 *
 * @see <a href="https://arxiv.org/abs/2402.00838">Groeneveld et al. 2024</a>
 */
public final class Olmo {

  public static final Family FAMILY =
      DecoderParts.family("olmo", Olmo::causalLm, "OlmoForCausalLM");

  private static final int WINDOW = CausalPass.UNLIMITED;
  private static final double EPSILON = 1e-5;

  private Olmo() {}

  private static CausalDecoder causalLm(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    DecoderConfig shared = config.shared();
    Embedding tokens = DecoderParts.tokens(weights, shared);
    List<? extends DecoderLayer> layers =
        DecoderParts.layers(shared, i -> layer(weights, config, i));
    return DecoderParts.stack(
        weights, shared, DecoderParts.everywhere(shared, WINDOW), tokens, layers, norm(shared));
  }

  private static DecoderLayer layer(Weights weights, Config config, int i) {
    String prefix = "model.layers." + i + ".";
    String self = prefix + "self_attn.";
    DecoderConfig shared = config.shared();
    boolean biased = config.attentionBias();
    LinearGroup projections = DecoderParts.projections(weights, self, shared, biased);
    return new PreNormLayer(
        norm(shared),
        DecoderParts.attention(
            weights,
            self,
            shared,
            i,
            WINDOW,
            biased,
            (forward, x) -> heads(forward, x, projections, config)),
        norm(shared),
        DecoderParts.mlp(weights, prefix + "mlp.", shared, false)::apply,
        0);
  }

  private static Heads heads(Forward forward, Tensor x, LinearGroup projections, Config config) {
    List<Tensor> projected = projections.apply(forward, x);
    return QueryKeyValue.byHead(
        projected.stream().map(config::clipped).toList(), config.shared().headDim());
  }

  /** To mean 0 and variance 1, and nothing more. */
  private static UnaryOperator<Tensor> norm(DecoderConfig config) {
    long[] shape = {config.hiddenSize()};
    return x ->
        torch.layer_norm(x, shape, new TensorOptional(), new TensorOptional(), EPSILON, true);
  }

  /** config.json, field by field; what is not implemented is refused by name. */
  record Config(DecoderConfig shared, boolean attentionBias, OptionalDouble clipQkv) {

    /** The padding row where a file does not name one; OLMo 2 has the same. */
    static final int PAD_TOKEN = 1;

    static Config of(ModelConfig json) {
      return new Config(
          DecoderConfig.of(json, DecoderConfig.Defaults.USUAL.padTokenId(PAD_TOKEN)),
          json.booleanOr("attention_bias", false),
          clip(json));
    }

    Tensor clipped(Tensor x) {
      if (clipQkv.isEmpty()) {
        return x;
      }
      double limit = clipQkv.getAsDouble();
      return torch.clamp(
          x, new ScalarOptional(new Scalar(-limit)), new ScalarOptional(new Scalar(limit)));
    }

    private static OptionalDouble clip(ModelConfig json) {
      if (!json.has("clip_qkv")) {
        return OptionalDouble.empty();
      }
      double limit = json.doubleOr("clip_qkv", 0);
      if (!(limit > 0)) {
        throw json.malformed("clip_qkv", "is " + limit + ", expected more than 0");
      }
      return OptionalDouble.of(limit);
    }
  }
}
