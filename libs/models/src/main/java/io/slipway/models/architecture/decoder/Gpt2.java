package io.slipway.models.architecture.decoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Family;
import io.slipway.models.architecture.Head;
import io.slipway.models.layers.Embedding;
import io.slipway.models.layers.LayerNorm;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.WeightNames;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.attention.CausalAttention;
import io.slipway.models.layers.attention.CausalPass;
import io.slipway.models.layers.mlp.Activation;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * GPT-2: learned positions, normalised before each part. Its matrices are stored the other way
 * round than those of other architectures: [inputs, outputs].
 *
 * @see <a
 *     href="https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf">
 *     Radford et al. 2019</a>
 */
public final class Gpt2 {

  public static final Family FAMILY =
      Family.of("gpt2", new Names())
          .positions(json -> OptionalInt.of(json.intOr("n_positions", Config.POSITIONS)))
          .head(Head.CAUSAL_LM, Gpt2::causalLm, "GPT2LMHeadModel");

  private Gpt2() {}

  private static CausalDecoder causalLm(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    int h = config.nEmbd();
    Embedding tokens =
        new Embedding(weights, "transformer.wte", config.vocabSize(), h, Embedding.NO_PADDING);
    Embedding positions =
        new Embedding(weights, "transformer.wpe", config.nPositions(), h, Embedding.NO_PADDING);
    List<DecoderLayer> layers =
        IntStream.range(0, config.nLayer()).mapToObj(i -> layer(weights, config, i)).toList();
    LayerNorm norm = new LayerNorm(weights, "transformer.ln_f", h, config.layerNormEpsilon());
    Linear output =
        config.tieWordEmbeddings()
            ? Linear.tied(weights, "lm_head", tokens, null)
            : new Linear(weights, "lm_head", h, config.vocabSize(), false);
    return new DecoderStack(
        new DecoderStack.Size(
            config.vocabSize(),
            config.nPositions(),
            config.nHead(),
            h / config.nHead(),
            Set.of(CausalPass.UNLIMITED),
            false,
            weights.device(),
            weights.precision()),
        (forward, ids, pass) ->
            forward.dropout(
                tokens.apply(ids).add(positions.apply(pass.positions())), config.embdPdrop()),
        new DecoderStack.Positions(null, null),
        layers,
        norm::apply,
        output::apply);
  }

  private static DecoderLayer layer(Weights weights, Config config, int i) {
    String prefix = "transformer.h." + i + ".";
    int h = config.nEmbd();
    int heads = config.nHead();
    LayerNorm first = new LayerNorm(weights, prefix + "ln_1", h, config.layerNormEpsilon());
    Linear joint = Linear.transposed(weights, prefix + "attn.c_attn", h, 3L * h);
    Linear output = Linear.transposed(weights, prefix + "attn.c_proj", h, h);
    LayerNorm second = new LayerNorm(weights, prefix + "ln_2", h, config.layerNormEpsilon());
    Linear widen = Linear.transposed(weights, prefix + "mlp.c_fc", h, config.nInner());
    Linear narrow = Linear.transposed(weights, prefix + "mlp.c_proj", config.nInner(), h);
    CausalAttention attention =
        new CausalAttention(
            i,
            heads,
            heads,
            h / heads,
            CausalPass.UNLIMITED,
            config.scale(i),
            OptionalDouble.empty(),
            config.attnPdrop());
    return new PreNormLayer(
        first::apply,
        new DecoderAttention(
            (forward, x) -> QueryKeyValue.parts(joint.apply(forward, x), heads, heads, h / heads),
            attention,
            output),
        second::apply,
        (forward, x, residual) ->
            residual.plus(forward, narrow, config.activationFunction().of(forward, widen, x)),
        config.residPdrop());
  }

  /**
   * config.json, field by field; what is not implemented is refused by name. What {@code
   * reorder_and_upcast_attn} asks for always holds here: attention adds up in single precision.
   */
  record Config(
      int vocabSize,
      int nPositions,
      int nEmbd,
      int nLayer,
      int nHead,
      int nInner,
      Activation activationFunction,
      double residPdrop,
      double embdPdrop,
      double attnPdrop,
      double layerNormEpsilon,
      boolean scaleAttnWeights,
      boolean scaleAttnByInverseLayerIdx,
      boolean tieWordEmbeddings) {

    private static final int POSITIONS = 1024;

    static Config of(ModelConfig json) {
      DecoderConfig.refuseVariants(json);
      int hidden = json.requirePositiveInt("n_embd");
      int heads = json.requirePositiveInt("n_head");
      DecoderConfig.headSize(json, "n_embd", hidden, heads);
      return new Config(
          json.requirePositiveInt("vocab_size"),
          json.has("n_positions") ? json.requirePositiveInt("n_positions") : POSITIONS,
          hidden,
          json.requirePositiveInt("n_layer"),
          heads,
          json.has("n_inner") ? json.requirePositiveInt("n_inner") : 4 * hidden,
          Activation.of(json, "activation_function", "gelu_new"),
          json.probabilityOr("resid_pdrop", 0.1),
          json.probabilityOr("embd_pdrop", 0.1),
          json.probabilityOr("attn_pdrop", 0.1),
          json.doubleOr("layer_norm_epsilon", 1e-5),
          json.booleanOr("scale_attn_weights", true),
          json.booleanOr("scale_attn_by_inverse_layer_idx", false),
          json.booleanOr("tie_word_embeddings", true));
    }

    /** Scale of a layer's attention scores. */
    double scale(int layer) {
      double scale = scaleAttnWeights ? 1 / Math.sqrt((double) nEmbd / nHead) : 1;
      return scaleAttnByInverseLayerIdx ? scale / (layer + 1) : scale;
    }
  }

  /** Names of the reference's checkpoints; the first ones have no prefix, and hold their masks. */
  private static final class Names implements WeightNames {

    @Override
    public String canonical(String name, Set<String> all) {
      boolean bare = all.stream().noneMatch(other -> other.startsWith("transformer."));
      return bare && !name.startsWith("lm_head.") ? "transformer." + name : name;
    }

    @Override
    public boolean ignorable(String name) {
      return name.endsWith(".attn.bias") || name.endsWith(".attn.masked_bias");
    }
  }
}
