package io.slipway.models.architecture.seq2seq;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.EncoderDecoder;
import io.slipway.models.architecture.Family;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.TextEncoder;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.layers.Embedding;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.RmsNorm;
import io.slipway.models.layers.WeightNames;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.attention.CausalPass;
import io.slipway.models.layers.attention.DotProduct;
import io.slipway.models.layers.attention.PositionBias;
import io.slipway.models.layers.mlp.Activation;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * T5, its version 1.1 and FLAN-T5: an encoder-decoder that knows positions only as what they add to
 * the attention scores, normalises before each block by the root mean square, and does not scale
 * its scores.
 *
 * <p>Shapes: b rows, s source tokens, t target tokens, h features ({@code d_model}). Weight names
 * are the reference's.
 *
 * @see <a href="https://arxiv.org/abs/1910.10683">Raffel et al. 2019</a>
 */
public final class T5 {

  public static final Family FAMILY =
      Family.of("t5", new Names())
          .positions(config -> OptionalInt.empty())
          .head(Head.FEATURES, T5::encoder, "T5EncoderModel")
          .head(
              Head.SEQ2SEQ_LM,
              T5::conditionalGeneration,
              "T5ForConditionalGeneration",
              "T5WithLMHeadModel");

  private final Weights weights;
  private final Config config;
  private final TiedEmbeddings tied;

  private T5(ModelConfig json, Weights weights) {
    this.weights = weights;
    this.config = Config.of(json);
    this.tied =
        TiedEmbeddings.tied(
            weights,
            "shared",
            config.vocabSize(),
            config.dModel(),
            Embedding.NO_PADDING,
            "encoder.embed_tokens",
            "decoder.embed_tokens",
            "lm_head");
  }

  /** T5EncoderModel: the states of all tokens. */
  private static TextEncoder encoder(ModelConfig json, Weights weights, int labels) {
    T5 model = new T5(json, weights);
    return model.new EncoderStack();
  }

  /** T5ForConditionalGeneration: a score for each word after every token of the target. */
  private static EncoderDecoder conditionalGeneration(
      ModelConfig json, Weights weights, int labels) {
    T5 model = new T5(json, weights);
    return new SequenceToSequence(model.new EncoderStack(), model.new DecoderStack());
  }

  private Attention attention(String prefix) {
    int h = config.dModel();
    int inner = config.numHeads() * config.dKv();
    return new Attention(
        new Linear(weights, prefix + "q", h, inner, false),
        new Linear(weights, prefix + "k", h, inner, false),
        new Linear(weights, prefix + "v", h, inner, false),
        new Linear(weights, prefix + "o", inner, h, false),
        config.numHeads(),
        new DotProduct(1, config.dropoutRate()));
  }

  private RmsNorm norm(String name) {
    return new RmsNorm(weights, name, config.dModel(), config.layerNormEpsilon());
  }

  private RelativePositions relativePositions(String stack, boolean bidirectional) {
    String name = stack + ".block.0.layer.0.SelfAttention.relative_attention_bias";
    return new RelativePositions(
        weights, name, config.relativeAttention(), config.numHeads(), bidirectional);
  }

  private final class EncoderStack implements TextEncoder {

    private final ComputeDevice device = weights.device();
    private final Embedding words = tied.embedding("encoder.embed_tokens");
    private final RelativePositions positions = relativePositions("encoder", true);
    private final List<EncoderBlock> blocks =
        IntStream.range(0, config.numLayers())
            .mapToObj(i -> new EncoderBlock("encoder.block." + i + ".layer."))
            .toList();
    private final RmsNorm finalNorm = norm("encoder.final_layer_norm");

    @Override
    public Tensor pass(Forward forward, TokenBatch batch) {
      batch.check(config.vocabSize(), Integer.MAX_VALUE);
      Tensor mask = masked(positions.within(batch.length()), batch.visibleKeys(device));
      Tensor x = forward.dropout(words.apply(batch.ids(device)), config.dropoutRate()); // [b, s, h]
      Tensor states =
          forward.chain(
              blocks,
              x,
              (block, input) ->
                  forward.block(in -> block.apply(forward, in.get(0), in.get(1)), input, mask));
      return forward.dropout(finalNorm.apply(states), config.dropoutRate());
    }
  }

  private final class DecoderStack implements Decoder {

    private final Embedding words = tied.embedding("decoder.embed_tokens");
    private final RelativePositions positions = relativePositions("decoder", false);
    private final List<DecoderBlock> blocks =
        IntStream.range(0, config.numDecoderLayers()).mapToObj(DecoderBlock::new).toList();
    private final RmsNorm finalNorm = norm("decoder.final_layer_norm");
    private final Linear output = tied.output("lm_head");

    @Override
    public Size size() {
      return new Size(
          blocks.size(),
          config.vocabSize(),
          Integer.MAX_VALUE,
          config.numHeads(),
          config.dKv(),
          weights.device(),
          weights.activations());
    }

    @Override
    public PositionBias bias() {
      return positions;
    }

    @Override
    public KeyValue source(Forward forward, int layer, Tensor encoded) {
      return blocks.get(layer).sourceAttention.project(forward, encoded);
    }

    @Override
    public Tensor states(Forward forward, Tensor ids, CausalPass pass, SourceMemory source) {
      Tensor mask = Objects.requireNonNull(pass.sight(CausalPass.UNLIMITED).mask());
      Tensor x = forward.dropout(words.apply(ids), config.dropoutRate()); // [b, t, h]
      Tensor states =
          forward.chain(
              blocks, x, (block, input) -> step(block, forward, input, pass, mask, source));
      return forward.dropout(finalNorm.apply(states), config.dropoutRate());
    }

    private Tensor step(
        DecoderBlock block,
        Forward forward,
        Tensor input,
        CausalPass pass,
        Tensor mask,
        SourceMemory source) {
      KeyValue read = source.layer(block.number);
      return forward.block(
          in ->
              block.apply(
                  forward,
                  in.get(0),
                  pass.masked(CausalPass.UNLIMITED, in.get(1)),
                  new KeyValue(in.get(2), in.get(3)),
                  source.visible()),
          input,
          mask,
          read.keys(),
          read.values());
    }

    @Override
    public Tensor scores(Forward forward, Tensor states) {
      Tensor scaled =
          config.scaleDecoderOutputs()
              ? states.mul(new Scalar(1 / Math.sqrt((double) config.dModel())))
              : states;
      return output.apply(forward, scaled); // [..., vocabulary]
    }
  }

  /** What may not be seen gets no weight whatever its position adds. */
  private static Tensor masked(Tensor bias, @Nullable Tensor visible) {
    return visible == null
        ? bias
        : bias.masked_fill(visible.logical_not(), new Scalar(Double.NEGATIVE_INFINITY));
  }

  private final class EncoderBlock {

    private final SelfAttentionLayer selfAttention;
    private final FeedForwardLayer feedForward;

    EncoderBlock(String prefix) {
      this.selfAttention = new SelfAttentionLayer(prefix + "0.");
      this.feedForward = new FeedForwardLayer(prefix + "1.");
    }

    /** [b, s, h] to the same shape */
    Tensor apply(Forward forward, Tensor x, Tensor mask) {
      return feedForward.apply(forward, selfAttention.apply(forward, x, mask));
    }
  }

  private final class DecoderBlock {

    final int number;
    final SelfAttentionLayer selfAttention;
    final Attention sourceAttention;
    final RmsNorm sourceNorm;
    final FeedForwardLayer feedForward;

    DecoderBlock(int number) {
      String prefix = "decoder.block." + number + ".layer.";
      this.number = number;
      this.selfAttention = new SelfAttentionLayer(prefix + "0.");
      this.sourceAttention = attention(prefix + "1.EncDecAttention.");
      this.sourceNorm = norm(prefix + "1.layer_norm");
      this.feedForward = new FeedForwardLayer(prefix + "2.");
    }

    /** [b, t, h] to the same shape */
    Tensor apply(
        Forward forward,
        Tensor x,
        CausalPass pass,
        KeyValue source,
        @Nullable Tensor visibleSource) {
      Tensor own = selfAttention.applyCausal(forward, x, number, pass);
      Tensor read = sourceAttention.apply(forward, sourceNorm.apply(own), source, visibleSource);
      return feedForward.apply(forward, own.add(forward.dropout(read, config.dropoutRate())));
    }
  }

  private final class SelfAttentionLayer {

    private final Attention attention;
    private final RmsNorm norm;

    SelfAttentionLayer(String prefix) {
      this.attention = attention(prefix + "SelfAttention.");
      this.norm = norm(prefix + "layer_norm");
    }

    /** [b, s, h] to the same shape */
    Tensor apply(Forward forward, Tensor x, Tensor mask) {
      Tensor normed = norm.apply(x);
      Tensor attended = attention.apply(forward, normed, attention.project(forward, normed), mask);
      return x.add(forward.dropout(attended, config.dropoutRate()));
    }

    /** [b, t, h] to the same shape */
    Tensor applyCausal(Forward forward, Tensor x, int layer, CausalPass pass) {
      Tensor attended = attention.applyCausal(forward, norm.apply(x), layer, pass);
      return x.add(forward.dropout(attended, config.dropoutRate()));
    }
  }

  private final class FeedForwardLayer {

    private final Linear wide;
    private final @Nullable Linear gated;
    private final Linear narrow;
    private final RmsNorm norm;

    FeedForwardLayer(String prefix) {
      String dense = prefix + "DenseReluDense.";
      int h = config.dModel();
      this.wide =
          new Linear(weights, dense + (config.gatedAct() ? "wi_0" : "wi"), h, config.dFf(), false);
      this.gated =
          config.gatedAct() ? new Linear(weights, dense + "wi_1", h, config.dFf(), false) : null;
      this.narrow = new Linear(weights, dense + "wo", config.dFf(), h, false);
      this.norm = norm(prefix + "layer_norm");
    }

    /** [b, s, h] to the same shape */
    Tensor apply(Forward forward, Tensor x) {
      Tensor normed = norm.apply(x);
      Tensor active = config.denseActFn().apply(wide.apply(forward, normed)); // [b, s, d_ff]
      Tensor middle = gated == null ? active : active.mul(gated.apply(forward, normed));
      Tensor out = narrow.apply(forward, forward.dropout(middle, config.dropoutRate()));
      return x.add(forward.dropout(out, config.dropoutRate()));
    }
  }

  /** config.json, field by field; what is not implemented is refused by name. */
  record Config(
      int vocabSize,
      int dModel,
      int dKv,
      int dFf,
      int numLayers,
      int numDecoderLayers,
      int numHeads,
      RelativePositions.Config relativeAttention,
      double dropoutRate,
      double layerNormEpsilon,
      Activation denseActFn,
      boolean gatedAct,
      boolean scaleDecoderOutputs) {

    static Config of(ModelConfig json) {
      Variants.refuse(json);
      int layers = json.requirePositiveInt("num_layers");
      String[] projection = json.string("feed_forward_proj").orElse("relu").split("-", -1);
      boolean gated = projection.length == 2 && projection[0].equals("gated");
      if (projection.length > 1 && !gated) {
        throw json.malformed(
            "feed_forward_proj",
            "is \"%s\", expected an activation or gated- and an activation"
                .formatted(String.join("-", projection)));
      }
      // The gated GELU of version 1.1 has always been the approximation.
      String named = projection[projection.length - 1];
      String activation = gated && named.equals("gelu") ? "gelu_new" : named;
      return new Config(
          json.requirePositiveInt("vocab_size"),
          json.requirePositiveInt("d_model"),
          json.requirePositiveInt("d_kv"),
          json.requirePositiveInt("d_ff"),
          layers,
          json.has("num_decoder_layers") ? json.requirePositiveInt("num_decoder_layers") : layers,
          json.requirePositiveInt("num_heads"),
          RelativePositions.Config.of(json),
          json.probabilityOr("dropout_rate", 0.1),
          json.doubleOr("layer_norm_epsilon", 1e-6),
          json.has("dense_act_fn")
              ? Activation.of(json, "dense_act_fn", activation)
              : Activation.named(json, "feed_forward_proj", activation),
          json.booleanOr("is_gated_act", gated),
          // Configurations say since when the output layer is not tied whether it scales.
          json.booleanOr("scale_decoder_outputs", json.booleanOr("tie_word_embeddings", true)));
    }
  }

  /** Names of the reference's checkpoints, with or without a task's head. */
  private static final class Names implements WeightNames {

    private static final String NEVER_USED =
        "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight";

    @Override
    public String canonical(String name, Set<String> all) {
      return name;
    }

    @Override
    public boolean ignorable(String name) {
      return name.equals(NEVER_USED);
    }
  }
}
