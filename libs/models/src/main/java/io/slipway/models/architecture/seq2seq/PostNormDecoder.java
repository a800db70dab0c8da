package io.slipway.models.architecture.seq2seq;

import io.slipway.models.layers.DotProduct;
import io.slipway.models.layers.Forward;
import io.slipway.models.layers.LayerNorm;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Weights;
import io.slipway.models.runtime.ComputeDevice;
import java.util.List;
import java.util.function.UnaryOperator;
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
  private final ComputeDevice device;
  private final TokenEmbedder embedder;
  private final List<Layer> layers;
  private final int vocabulary;
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
    this.device = weights.device();
    this.embedder = embedder;
    this.vocabulary = vocabulary;
    this.output = output;
    this.layers =
        IntStream.range(0, config.decoder().layers())
            .mapToObj(i -> new Layer(weights, "model.decoder.layers." + i + ".", config.decoder()))
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
  public int layers() {
    return layers.size();
  }

  @Override
  public int vocabulary() {
    return vocabulary;
  }

  @Override
  public int positions() {
    return config.maxPositionEmbeddings();
  }

  @Override
  public KeyValue source(Forward forward, int layer, Tensor encoded) {
    return layers.get(layer).sourceAttention.project(forward, encoded);
  }

  @Override
  public Tensor states(Forward forward, TargetTokens tokens, DecoderMemory memory) {
    Tensor visible = tokens.visible(device);
    Tensor x = embedder.embed(forward, tokens.ids(device), tokens.positions(device)); // [b, t, h]
    for (int i = 0; i < layers.size(); i++) {
      if (!forward.leavesOut(config.decoder().layerDrop())) {
        int layer = i;
        KeyValue source = memory.source(layer);
        x =
            forward.block(
                in ->
                    layers
                        .get(layer)
                        .apply(
                            forward,
                            in.get(0),
                            fresh -> memory.target(layer, fresh),
                            visible,
                            new KeyValue(in.get(1), in.get(2)),
                            memory.visibleSource()),
                x,
                source.keys(),
                source.values());
      }
    }
    return x;
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

    private final Attention selfAttention;
    private final LayerNorm selfNorm;
    private final Attention sourceAttention;
    private final LayerNorm sourceNorm;
    private final FeedForward feedForward;
    private final double dropout;

    Layer(Weights weights, String prefix, PostNormConfig.Half config) {
      this.selfAttention = attention(weights, prefix + "self_attn.", config);
      this.selfNorm = norm(weights, prefix + "self_attn_layer_norm", config);
      this.sourceAttention = attention(weights, prefix + "encoder_attn.", config);
      this.sourceNorm = norm(weights, prefix + "encoder_attn_layer_norm", config);
      this.feedForward = new FeedForward(weights, prefix, config);
      this.dropout = config.dropout();
    }

    /**
     * [b, t, h] to the same shape
     *
     * @param memory from the keys and values of these tokens to all that they look at
     */
    Tensor apply(
        Forward forward,
        Tensor x,
        UnaryOperator<KeyValue> memory,
        @Nullable Tensor visible,
        KeyValue source,
        @Nullable Tensor visibleSource) {
      KeyValue seen = memory.apply(selfAttention.project(forward, x));
      Tensor attended = selfAttention.apply(forward, x, seen, visible);
      Tensor own = selfNorm.apply(x.add(forward.dropout(attended, dropout)));
      Tensor read = sourceAttention.apply(forward, own, source, visibleSource);
      return feedForward.apply(forward, sourceNorm.apply(own.add(forward.dropout(read, dropout))));
    }
  }
}
