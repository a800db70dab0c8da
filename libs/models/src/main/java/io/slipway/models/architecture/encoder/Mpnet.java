package io.slipway.models.architecture.encoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.Family;
import io.slipway.models.architecture.Family.HeadCode;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.SequenceClassifier;
import io.slipway.models.architecture.TextEncoder;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.architecture.TokenScorer;
import io.slipway.models.architecture.encoder.TokenEmbeddings.Tables;
import io.slipway.models.layers.Embedding;
import io.slipway.models.layers.LayerNorm;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.mlp.Activation;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * MPNet: an encoder with learned absolute positions and, the same in all layers, a learned bias of
 * attention by the distance of two tokens.
 *
 * <p>Shapes: b rows, s tokens, h hidden features. Weight names are the reference's.
 *
 * @see <a href="https://arxiv.org/abs/2004.09297">Song et al. 2020</a>
 */
public final class Mpnet {

  /** The reference's padding, whatever config.json says. */
  private static final int PADDING = 1;

  private static final EncoderNames NAMES =
      new EncoderNames(
          "mpnet",
          List.of("embeddings.", "encoder.", "pooler."),
          List.of("lm_head.", "classifier.", "qa_outputs."));

  private static final LayerNames LAYER_NAMES =
      new LayerNames(
          "attention.attn.q",
          "attention.attn.k",
          "attention.attn.v",
          "attention.attn.o",
          "attention.LayerNorm",
          "intermediate.dense",
          "output.dense",
          "output.LayerNorm");

  public static final Family FAMILY =
      Family.of("mpnet", NAMES)
          .positions(json -> OptionalInt.of(Config.of(json).tables().longest()))
          .head(Head.FEATURES, Mpnet::encoder, EncoderClasses.all("MPNet"))
          .head(Head.MASKED_LM, Mpnet::maskedLm, "MPNetForMaskedLM")
          .head(
              Head.SEQUENCE_CLASSIFICATION,
              HeadCode.of(Mpnet::sequenceClassifier, "MPNetForSequenceClassification")
                  .labels("classifier.out_proj.")
                  .fresh("classifier.dense."))
          .head(
              Head.TOKEN_CLASSIFICATION,
              HeadCode.of(Mpnet::tokenClassifier, "MPNetForTokenClassification")
                  .labels("classifier."))
          .head(
              Head.QUESTION_ANSWERING,
              HeadCode.of(Mpnet::questionAnswering, "MPNetForQuestionAnswering")
                  .fresh("qa_outputs."));

  private final ComputeDevice device;
  private final double dropout;
  private final TokenEmbeddings embeddings;
  private final LayerNorm embeddingNorm;
  private final Embedding distances;
  private final List<PostNormLayer> layers;

  private Mpnet(Weights weights, Config config) {
    LayerShape layer = config.layer();
    String prefix = "mpnet.embeddings.";
    this.device = weights.device();
    this.dropout = layer.outputDropout();
    this.embeddings = new TokenEmbeddings(weights, prefix, config.tables());
    this.embeddingNorm =
        new LayerNorm(weights, prefix + "LayerNorm", layer.hiddenSize(), layer.layerNormEps());
    this.distances =
        new Embedding(
            weights,
            "mpnet.encoder.relative_attention_bias",
            config.relativeAttentionNumBuckets(),
            layer.numAttentionHeads(),
            Embedding.NO_PADDING);
    this.layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> "mpnet.encoder.layer." + i + ".")
            .map(name -> new PostNormLayer(weights, name, LAYER_NAMES, layer))
            .toList();
  }

  /** MPNetModel: the states of all tokens. */
  private static TextEncoder encoder(ModelConfig json, Weights weights, int labels) {
    return new Mpnet(weights, Config.of(json))::encode;
  }

  /** MPNetForMaskedLM: every token's state to a score for each word. */
  private static TokenScorer maskedLm(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    Mpnet mpnet = new Mpnet(weights, config);
    int h = config.layer().hiddenSize();
    return new MaskedLmHead(
        mpnet::encode,
        new Linear(weights, "lm_head.dense", h, h),
        Activation.GELU,
        new LayerNorm(weights, "lm_head.layer_norm", h, config.layer().layerNormEps()),
        MaskedLmHead.decoder(weights, json, "lm_head.decoder", "lm_head.bias", mpnet.embeddings));
  }

  /** MPNetForSequenceClassification: the first token's state to a score for each label. */
  private static SequenceClassifier sequenceClassifier(
      ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    int h = config.layer().hiddenSize();
    double dropout = config.layer().outputDropout();
    return PooledHead.ofClassifier(
        weights, new Mpnet(weights, config)::encode, dropout, Activation.TANH, h, labels);
  }

  /** MPNetForTokenClassification: every token's state to a score for each label. */
  private static TokenScorer tokenClassifier(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return TokenHead.ofLabels(
        weights,
        new Mpnet(weights, config)::encode,
        config.layer().outputDropout(),
        config.layer().hiddenSize(),
        labels);
  }

  /** MPNetForQuestionAnswering: every token's scores as first and last of an answer. */
  private static TokenScorer questionAnswering(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return TokenHead.ofAnswers(
        weights, new Mpnet(weights, config)::encode, 0, config.layer().hiddenSize());
  }

  /** States of all tokens: [b, s, h] */
  private Tensor encode(Forward forward, TokenBatch batch) {
    Tensor x = forward.dropout(embeddingNorm.apply(embeddings.apply(batch)), dropout);
    Tensor mask = mask(batch);
    return forward.chain(
        layers,
        x,
        (layer, input) ->
            forward.block(in -> layer.apply(forward, in.get(0), in.get(1)), input, mask));
  }

  /** What is added to the scores of attention: [1 or b, heads, s, s] */
  private Tensor mask(TokenBatch batch) {
    Tensor bias =
        distances
            .apply(DistanceBuckets.bidirectional(batch.length(), device)) // [s, s, heads]
            .permute(2, 0, 1)
            .unsqueeze(0);
    Tensor visible = batch.visibleKeys(device); // [b, 1, 1, s]
    return visible == null
        ? bias.contiguous()
        : bias.masked_fill(visible.logical_not(), new Scalar(Double.NEGATIVE_INFINITY));
  }

  /** config.json, field by field; what is not implemented is refused by name. */
  record Config(
      Tables tables, int numHiddenLayers, LayerShape layer, int relativeAttentionNumBuckets) {

    static Config of(ModelConfig json) {
      EncoderOnly.require(json);
      LayerShape layer = LayerShape.of(json, 1e-12);
      int buckets = json.intOr("relative_attention_num_buckets", DistanceBuckets.COUNT);
      if (buckets < DistanceBuckets.COUNT) {
        throw json.unsupported(
            "relative_attention_num_buckets",
            Integer.toString(buckets),
            "at least %d, which is what the reference uses".formatted(DistanceBuckets.COUNT));
      }
      return new Config(
          Tables.afterPadding(
              json, json.requirePositiveInt("vocab_size"), layer.hiddenSize(), PADDING, 0),
          json.requirePositiveInt("num_hidden_layers"),
          layer,
          buckets);
    }
  }
}
