package io.slipway.models.architecture.decoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Family;
import io.slipway.models.architecture.Head;
import io.slipway.models.layers.Embedding;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.LinearGroup;
import io.slipway.models.layers.RmsNorm;
import io.slipway.models.layers.WeightNames;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.attention.CausalAttention;
import io.slipway.models.layers.attention.CausalPass;
import io.slipway.models.layers.mlp.GatedMlp;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The parts that Llama and those that came after it share, under the names that their checkpoints
 * give them.
 */
final class DecoderParts {

  /** Prefix of everything but the output layer. */
  static final String MODEL = "model.";

  private DecoderParts() {}

  /** A family whose sequences rotate, and so have no limit but that of the pretraining. */
  static Family family(
      String modelType, Family.Builder<CausalDecoder> builder, String... classNames) {
    return Family.of(modelType, new Names())
        .positions(json -> OptionalInt.of(json.requirePositiveInt("max_position_embeddings")))
        .head(Head.CAUSAL_LM, builder, classNames);
  }

  static Embedding tokens(Weights weights, DecoderConfig config) {
    return new Embedding(
        weights,
        MODEL + "embed_tokens",
        config.vocabSize(),
        config.hiddenSize(),
        config.padTokenId());
  }

  /** The output layer, which may share the weight of the token embeddings. */
  static Linear output(Weights weights, DecoderConfig config, Embedding tokens) {
    return config.tieWordEmbeddings()
        ? Linear.tied(weights, "lm_head", tokens, null)
        : new Linear(weights, "lm_head", config.hiddenSize(), config.vocabSize(), false);
  }

  /** Three projections under {@code prefix}: q_proj, k_proj, v_proj. */
  static LinearGroup projections(
      Weights weights, String prefix, DecoderConfig config, boolean biased) {
    int h = config.hiddenSize();
    return new LinearGroup(
        weights,
        new Linear(weights, prefix + "q_proj", h, queries(config), biased),
        new Linear(weights, prefix + "k_proj", h, keys(config), biased),
        new Linear(weights, prefix + "v_proj", h, keys(config), biased));
  }

  /** Features of all heads of queries. */
  static int queries(DecoderConfig config) {
    return config.numAttentionHeads() * config.headDim();
  }

  /** Features of all heads of keys, and of values. */
  static int keys(DecoderConfig config) {
    return config.numKeyValueHeads() * config.headDim();
  }

  /** Projections that are split by head, and nothing more. */
  static QueryKeyValue plain(Weights weights, String prefix, DecoderConfig config, boolean biased) {
    LinearGroup projections = projections(weights, prefix, config, biased);
    return (forward, x) -> QueryKeyValue.byHead(projections.apply(forward, x), config.headDim());
  }

  /** An attention layer with an output layer {@code prefix + o_proj}. */
  static DecoderAttention attention(
      Weights weights,
      String prefix,
      DecoderConfig config,
      int layer,
      int window,
      boolean biasedOutput,
      QueryKeyValue projections) {
    return new DecoderAttention(
        projections,
        core(config, layer, window),
        new Linear(weights, prefix + "o_proj", queries(config), config.hiddenSize(), biasedOutput));
  }

  private static CausalAttention core(DecoderConfig config, int layer, int window) {
    return new CausalAttention(
        layer,
        config.numAttentionHeads(),
        config.numKeyValueHeads(),
        config.headDim(),
        window,
        config.scale(),
        OptionalDouble.empty(),
        config.attentionDropout());
  }

  /** Under {@code prefix}: gate_proj, up_proj, down_proj. */
  static GatedMlp mlp(Weights weights, String prefix, DecoderConfig config, boolean biased) {
    int h = config.hiddenSize();
    int wide = config.intermediateSize();
    return new GatedMlp(
        weights,
        new Linear(weights, prefix + "gate_proj", h, wide, biased),
        new Linear(weights, prefix + "up_proj", h, wide, biased),
        new Linear(weights, prefix + "down_proj", wide, h, biased),
        config.hiddenAct());
  }

  /** A block with its two normalisations, {@code input_} and {@code post_attention_layernorm}. */
  static PreNormLayer layer(
      Weights weights,
      String prefix,
      DecoderConfig config,
      double epsilon,
      DecoderAttention attention,
      PreNormLayer.FeedForward feedForward) {
    int h = config.hiddenSize();
    RmsNorm first = new RmsNorm(weights, prefix + "input_layernorm", h, epsilon);
    RmsNorm second = new RmsNorm(weights, prefix + "post_attention_layernorm", h, epsilon);
    return new PreNormLayer(first::apply, attention, second::apply, feedForward, 0);
  }

  /** A decoder whose last states are normalised by {@code model.norm}. */
  static DecoderStack stack(
      Weights weights,
      DecoderConfig config,
      double epsilon,
      List<Integer> windows,
      IntFunction<? extends DecoderLayer> layer) {
    Embedding tokens = tokens(weights, config);
    List<? extends DecoderLayer> layers = layers(config, layer);
    RmsNorm norm = new RmsNorm(weights, MODEL + "norm", config.hiddenSize(), epsilon);
    return stack(weights, config, windows, tokens, layers, norm::apply);
  }

  /** A decoder that rotates, with an output layer {@code lm_head}. */
  static DecoderStack stack(
      Weights weights,
      DecoderConfig config,
      List<Integer> windows,
      Embedding tokens,
      List<? extends DecoderLayer> layers,
      UnaryOperator<Tensor> norm) {
    return new DecoderStack(
        size(weights, config, windows, false),
        (forward, ids, pass) -> tokens.apply(ids),
        DecoderStack.Positions.rotary(config.rope()),
        layers,
        norm,
        output(weights, config, tokens)::apply);
  }

  static List<? extends DecoderLayer> layers(
      DecoderConfig config, IntFunction<? extends DecoderLayer> layer) {
    return IntStream.range(0, config.numHiddenLayers()).mapToObj(layer).toList();
  }

  /** The same window in all layers. */
  static List<Integer> everywhere(DecoderConfig config, int window) {
    return Collections.nCopies(config.numHiddenLayers(), window);
  }

  static DecoderStack.Size size(
      Weights weights, DecoderConfig config, List<Integer> windows, boolean explicitMasks) {
    return new DecoderStack.Size(
        config.vocabSize(),
        Integer.MAX_VALUE,
        config.numKeyValueHeads(),
        config.headDim(),
        Set.copyOf(windows),
        explicitMasks,
        weights.device(),
        weights.precision());
  }

  /**
   * The window that all layers have.
   *
   * @param absent where the file does not name {@code sliding_window}; null for none
   */
  static int window(ModelConfig json, @Nullable Integer absent) {
    if (json.has("sliding_window")) {
      return json.requirePositiveInt("sliding_window");
    }
    return absent == null || json.mentions("sliding_window") ? CausalPass.UNLIMITED : absent;
  }

  /**
   * Names of the reference's checkpoints. Older ones hold the rotary frequencies, which follow from
   * the configuration.
   */
  private static final class Names implements WeightNames {

    @Override
    public String canonical(String name, Set<String> all) {
      return name;
    }

    @Override
    public boolean ignorable(String name) {
      return name.endsWith(".rotary_emb.inv_freq");
    }
  }
}
