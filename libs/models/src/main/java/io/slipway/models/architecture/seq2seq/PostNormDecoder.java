package io.slipway.models.architecture.seq2seq;

import io.slipway.models.layers.LayerNorm;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.attention.CausalPass;
import io.slipway.models.layers.attention.DotProduct;
import io.slipway.models.layers.attention.PositionBias;
import io.slipway.models.layers.pass.Forward;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The decoder of BART and Marian: layers that look at the target so far, then at the source, and
 * normalise after each residual.
 */
final class PostNormDecoder implements Decoder {

  /** Where a state's features become scores of words. */
  record Output(Linear layer, Tensor bias, int vocabulary) {

    /**
     * Takes {@code final_logits_bias} [1, vocabulary], which nothing trains and which a checkpoint
     * without it has as zeros.
     */
    static Output of(Weights weights, Linear layer, int vocabulary) {
      Tensor bias =
          weights.buffer("final_logits_bias", () -> torch.zeros(1, vocabulary), 1, vocabulary);
      return new Output(layer, bias, vocabulary);
    }
  }

  /** LayerNorm's own default, which neither configuration can change. */
  private static final double EPSILON = 1e-5;

  private final PostNormConfig config;
  private final Size size;
  private final TokenEmbedder embedder;
  private final List<Layer> layers;
  private final @Nullable Output output;

  /**
   * Takes the layers' weights.
   *
   * @param vocabulary of the embedder
   * @param output null where nobody asks for scores
   */
  PostNormDecoder(
      Weights weights,
      PostNormConfig config,
      int vocabulary,
      TokenEmbedder embedder,
      @Nullable Output output) {
    this.config = config;
    this.size =
        new Size(
            config.decoder().layers(),
            vocabulary,
            config.maxPositionEmbeddings(),
            config.decoder().attentionHeads(),
            config.dModel() / config.decoder().attentionHeads(),
            weights.device(),
            weights.activations());
    this.embedder = embedder;
    this.output = output;
    this.layers =
        IntStream.range(0, config.decoder().layers())
            .mapToObj(i -> new Layer(weights, i, config.decoder()))
            .toList();
  }

  static Attention attention(Weights weights, String prefix, PostNormConfig.Half config) {
    int h = config.dModel();
    int heads = config.attentionHeads();
    return new Attention(
        new Linear(weights, prefix + "q_proj", h, h),
        new Linear(weights, prefix + "k_proj", h, h),
        new Linear(weights, prefix + "v_proj", h, h),
        new Linear(weights, prefix + "out_proj", h, h),
        heads,
        DotProduct.ofHeadSize(h / heads, config.attentionDropout()));
  }

  static LayerNorm norm(Weights weights, String name, PostNormConfig.Half config) {
    return new LayerNorm(weights, name, config.dModel(), EPSILON);
  }

  @Override
  public Size size() {
    return size;
  }

  @Override
  public @Nullable PositionBias bias() {
    return null;
  }

  @Override
  public KeyValue source(Forward forward, int layer, Tensor encoded) {
    return layers.get(layer).sourceAttention.project(forward, encoded);
  }

  @Override
  public Tensor states(Forward forward, Tensor ids, CausalPass pass, SourceMemory source) {
    Tensor x = embedder.embed(forward, ids, pass.positions()); // [b, t, h]
    return forward.chain(
        layers,
        x,
        (layer, input) ->
            forward.leavesOut(config.decoder().layerDrop())
                ? input
                : block(layer, forward, input, pass, source));
  }

  private static Tensor block(
      Layer layer, Forward forward, Tensor input, CausalPass pass, SourceMemory source) {
    KeyValue read = source.layer(layer.number);
    return forward.block(
        in ->
            layer.apply(
                forward, in.get(0), pass, new KeyValue(in.get(1), in.get(2)), source.visible()),
        input,
        read.keys(),
        read.values());
  }

  @Override
  public Tensor scores(Forward forward, Tensor states) {
    if (output == null) {
      throw new IllegalStateException("the model has no output layer");
    }
    Tensor scores = output.layer().apply(forward, states); // [..., vocabulary]
    return scores.add(output.bias().to(scores.scalar_type()));
  }

  private static final class Layer {

    private final int number;
    private final Attention selfAttention;
    private final LayerNorm selfNorm;
    private final Attention sourceAttention;
    private final LayerNorm sourceNorm;
    private final FeedForward feedForward;
    private final double dropout;

    Layer(Weights weights, int number, PostNormConfig.Half config) {
      String prefix = "model.decoder.layers." + number + ".";
      this.number = number;
      this.selfAttention = attention(weights, prefix + "self_attn.", config);
      this.selfNorm = norm(weights, prefix + "self_attn_layer_norm", config);
      this.sourceAttention = attention(weights, prefix + "encoder_attn.", config);
      this.sourceNorm = norm(weights, prefix + "encoder_attn_layer_norm", config);
      this.feedForward = new FeedForward(weights, prefix, config);
      this.dropout = config.dropout();
    }

    /** [b, t, h] to the same shape */
    Tensor apply(
        Forward forward,
        Tensor x,
        CausalPass pass,
        KeyValue source,
        @Nullable Tensor visibleSource) {
      Tensor attended = selfAttention.applyCausal(forward, x, number, pass);
      Tensor own = selfNorm.apply(x.add(forward.dropout(attended, dropout)));
      Tensor read = sourceAttention.apply(forward, own, source, visibleSource);
      return feedForward.apply(forward, sourceNorm.apply(own.add(forward.dropout(read, dropout))));
    }
  }
}
