package io.slipway.models.architecture.decoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Family;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.attention.RopeParameters;
import io.slipway.models.layers.mlp.GatedMlp;
import io.slipway.models.layers.mlp.MixtureOfExperts;
import io.slipway.models.layers.pass.Forward;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Mixtral: a {@link Mistral} whose feed-forward part is a mixture of experts.
 *
 * @see <a href="https://arxiv.org/abs/2401.04088">Jiang et al. 2024</a>
 */
public final class Mixtral {

  public static final Family FAMILY =
      DecoderParts.family("mixtral", Mixtral::causalLm, "MixtralForCausalLM");

  private Mixtral() {}

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
    MixtureOfExperts experts = experts(weights, prefix + "block_sparse_moe.", config);
    return DecoderParts.layer(
        weights,
        prefix,
        shared,
        config.rmsNormEps(),
        Mistral.attention(weights, prefix + "self_attn.", shared, i, config.slidingWindow()),
        (forward, x, residual) -> residual.plus(forward, fed(forward, x, experts, config)));
  }

  private static Tensor fed(Forward forward, Tensor x, MixtureOfExperts experts, Config config) {
    if (forward.training() && config.untrainable().isPresent()) {
      throw config.untrainable().get();
    }
    return experts.apply(forward, x);
  }

  private static MixtureOfExperts experts(Weights weights, String prefix, Config config) {
    int h = config.shared().hiddenSize();
    int wide = config.shared().intermediateSize();
    List<GatedMlp> experts =
        IntStream.range(0, config.numLocalExperts())
            .mapToObj(expert -> prefix + "experts." + expert + ".")
            .map(
                name ->
                    new GatedMlp(
                        weights,
                        new Linear(weights, name + "w1", h, wide, false),
                        new Linear(weights, name + "w3", h, wide, false),
                        new Linear(weights, name + "w2", wide, h, false),
                        config.shared().hiddenAct()))
            .toList();
    Linear router = new Linear(weights, prefix + "gate", h, experts.size(), false);
    return new MixtureOfExperts(router, experts, config.numExpertsPerTok(), weights.device());
  }

  /**
   * config.json, field by field; what is not implemented is refused by name.
   *
   * @param untrainable why this model cannot be trained, where its configuration asks for something
   *     that only training does and that is not implemented
   */
  record Config(
      DecoderConfig shared,
      double rmsNormEps,
      int slidingWindow,
      int numLocalExperts,
      int numExpertsPerTok,
      Optional<ModelFilesException> untrainable) {

    private static final int KEY_VALUE_HEADS = 8;
    private static final double THETA = 1e6;

    static Config of(ModelConfig json) {
      int experts = json.intOr("num_local_experts", json.intOr("num_experts", 8));
      int active = json.intOr("num_experts_per_tok", 2);
      if (active < 1 || experts < active) {
        throw json.malformed(
            "num_experts_per_tok",
            "is %d, expected at least 1 and at most the %d experts".formatted(active, experts));
      }
      return new Config(
          DecoderConfig.of(
              json,
              DecoderConfig.Defaults.USUAL
                  .keyValueHeads(KEY_VALUE_HEADS)
                  .rope(new RopeParameters.Defaults(THETA, false))),
          json.doubleOr("rms_norm_eps", 1e-5),
          DecoderParts.window(json, null),
          experts,
          active,
          untrainable(json));
    }

    private static Optional<ModelFilesException> untrainable(ModelConfig json) {
      double noise = json.doubleOr("router_jitter_noise", 0);
      if (noise > 0) {
        return Optional.of(
            json.unsupported("router_jitter_noise", Double.toString(noise), "0 in training"));
      }
      return json.booleanOr("output_router_logits", false)
          ? Optional.of(
              json.unsupported(
                  "output_router_logits", "true", "false in training: no auxiliary loss"))
          : Optional.empty();
    }
  }
}
