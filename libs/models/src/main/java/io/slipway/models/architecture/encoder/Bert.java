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
import io.slipway.models.layers.Activation;
import io.slipway.models.layers.Embedding;
import io.slipway.models.layers.Forward;
import io.slipway.models.layers.LayerNorm;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Weights;
import io.slipway.models.runtime.ComputeDevice;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * BERT: a bidirectional transformer encoder with learned absolute positions, normalised after each
 * residual.
 *
 * <p>Shapes: b rows, s tokens, h hidden features. Weight names are the reference's.
 *
 * @see <a href="https://arxiv.org/abs/1810.04805">Devlin et al. 2018</a>
 */
public final class Bert {

  private static final EncoderNames NAMES =
      new EncoderNames(
          "bert",
          List.of("embeddings.", "encoder.", "pooler."),
          List.of("cls.", "classifier.", "qa_outputs."));

  public static final Family FAMILY =
      Family.of("bert", NAMES)
          .head(Head.FEATURES, Bert::encoder, EncoderClasses.all("Bert", "BertForPreTraining"))
          .head(Head.MASKED_LM, Bert::maskedLm, "BertForMaskedLM", "BertForPreTraining")
          .head(
              Head.SEQUENCE_CLASSIFICATION,
              HeadCode.of(Bert::sequenceClassifier, "BertForSequenceClassification")
                  .labels("classifier.")
                  .fresh("bert.pooler."))
          .head(
              Head.TOKEN_CLASSIFICATION,
              HeadCode.of(Bert::tokenClassifier, "BertForTokenClassification")
                  .labels("classifier."))
          .head(
              Head.QUESTION_ANSWERING,
              HeadCode.of(Bert::questionAnswering, "BertForQuestionAnswering")
                  .fresh("qa_outputs."));

  private final ComputeDevice device;
  private final double dropout;
  private final TokenEmbeddings embeddings;
  private final LayerNorm embeddingNorm;
  private final List<PostNormLayer> layers;

  private Bert(Weights weights, Config config) {
    LayerShape layer = config.layer();
    String prefix = "bert.embeddings.";
    this.device = weights.device();
    this.dropout = layer.outputDropout();
    this.embeddings = new TokenEmbeddings(weights, prefix, config.tables());
    this.embeddingNorm =
        new LayerNorm(weights, prefix + "LayerNorm", layer.hiddenSize(), layer.layerNormEps());
    this.layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> "bert.encoder.layer." + i + ".")
            .map(name -> new PostNormLayer(weights, name, LayerNames.BERT, layer))
            .toList();
  }

  /** BertModel: the states of all tokens. */
  private static TextEncoder encoder(ModelConfig json, Weights weights, int labels) {
    return new Bert(weights, Config.of(json))::encode;
  }

  /** BertForMaskedLM: every token's state to a score for each word. */
  private static TokenScorer maskedLm(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    Bert bert = new Bert(weights, config);
    int h = config.layer().hiddenSize();
    double eps = config.layer().layerNormEps();
    String prefix = "cls.predictions.";
    return new MaskedLmHead(
        bert::encode,
        new Linear(weights, prefix + "transform.dense", h, h),
        config.layer().hiddenAct(),
        new LayerNorm(weights, prefix + "transform.LayerNorm", h, eps),
        MaskedLmHead.decoder(weights, json, prefix + "decoder", prefix + "bias", bert.embeddings));
  }

  /** BertForSequenceClassification: the first token's state, pooled, to a score for each label. */
  private static SequenceClassifier sequenceClassifier(
      ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    int h = config.layer().hiddenSize();
    return new PooledHead(
        new Bert(weights, config)::encode,
        0,
        new Linear(weights, "bert.pooler.dense", h, h),
        Activation.TANH,
        config.classifierDropout(),
        new Linear(weights, "classifier", h, labels));
  }

  /** BertForTokenClassification: every token's state to a score for each label. */
  private static TokenScorer tokenClassifier(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return new TokenHead(
        new Bert(weights, config)::encode,
        config.classifierDropout(),
        new Linear(weights, "classifier", config.layer().hiddenSize(), labels));
  }

  /** BertForQuestionAnswering: every token's state to its scores as first and last of an answer. */
  private static TokenScorer questionAnswering(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return new TokenHead(
        new Bert(weights, config)::encode,
        0,
        new Linear(weights, "qa_outputs", config.layer().hiddenSize(), 2));
  }

  /** States of all tokens: [b, s, h] */
  private Tensor encode(Forward forward, TokenBatch batch) {
    Tensor x = forward.dropout(embeddingNorm.apply(embeddings.apply(batch)), dropout);
    Tensor visible = batch.visibleKeys(device);
    for (PostNormLayer layer : layers) {
      x = forward.block(x, input -> layer.apply(forward, input, visible));
    }
    return x;
  }

  /** config.json, field by field; what is not implemented is refused by name. */
  record Config(Tables tables, int numHiddenLayers, LayerShape layer, double classifierDropout) {

    static Config of(ModelConfig json) {
      EncoderOnly.require(json);
      int vocabulary = json.requirePositiveInt("vocab_size");
      LayerShape layer = LayerShape.of(json, 1e-12);
      return new Config(
          Tables.fromZero(
              vocabulary,
              layer.hiddenSize(),
              Embedding.padding(json, vocabulary, 0),
              json.requirePositiveInt("type_vocab_size"),
              json.requirePositiveInt("max_position_embeddings")),
          json.requirePositiveInt("num_hidden_layers"),
          layer,
          json.probabilityOr("classifier_dropout", layer.outputDropout()));
    }
  }
}
