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
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * RoBERTa, XLM-RoBERTa and CamemBERT: BERT's encoder with positions that are counted from behind
 * the padding's id, and with heads of its own. They differ in their vocabularies alone.
 *
 * <p>Shapes: b rows, s tokens, h hidden features. Weight names are the reference's.
 *
 * @see <a href="https://arxiv.org/abs/1907.11692">Liu et al. 2019</a>
 * @see <a href="https://arxiv.org/abs/1911.02116">Conneau et al. 2020</a>
 */
public final class Roberta {

  private static final EncoderNames NAMES =
      new EncoderNames(
          "roberta",
          List.of("embeddings.", "encoder.", "pooler."),
          List.of("lm_head.", "classifier.", "qa_outputs."));

  public static final List<Family> FAMILIES =
      List.of(
          family("roberta", "Roberta"),
          family("xlm-roberta", "XLMRoberta"),
          family("camembert", "Camembert"));

  private final ComputeDevice device;
  private final double dropout;
  private final TokenEmbeddings embeddings;
  private final LayerNorm embeddingNorm;
  private final List<PostNormLayer> layers;

  private Roberta(Weights weights, Config config) {
    LayerShape layer = config.layer();
    String prefix = "roberta.embeddings.";
    this.device = weights.device();
    this.dropout = layer.outputDropout();
    this.embeddings = new TokenEmbeddings(weights, prefix, config.tables());
    this.embeddingNorm =
        new LayerNorm(weights, prefix + "LayerNorm", layer.hiddenSize(), layer.layerNormEps());
    this.layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> "roberta.encoder.layer." + i + ".")
            .map(name -> new PostNormLayer(weights, name, LayerNames.BERT, layer))
            .toList();
  }

  private static Family family(String modelType, String prefix) {
    return Family.of(modelType, NAMES)
        .positions(json -> OptionalInt.of(Config.of(json).tables().longest()))
        .head(Head.FEATURES, Roberta::encoder, EncoderClasses.all(prefix))
        .head(Head.MASKED_LM, Roberta::maskedLm, prefix + "ForMaskedLM")
        .head(
            Head.SEQUENCE_CLASSIFICATION,
            HeadCode.of(Roberta::sequenceClassifier, prefix + "ForSequenceClassification")
                .labels("classifier.out_proj.")
                .fresh("classifier.dense."))
        .head(
            Head.TOKEN_CLASSIFICATION,
            HeadCode.of(Roberta::tokenClassifier, prefix + "ForTokenClassification")
                .labels("classifier."))
        .head(
            Head.QUESTION_ANSWERING,
            HeadCode.of(Roberta::questionAnswering, prefix + "ForQuestionAnswering")
                .fresh("qa_outputs."));
  }

  /** RobertaModel: the states of all tokens. */
  private static TextEncoder encoder(ModelConfig json, Weights weights, int labels) {
    return new Roberta(weights, Config.of(json))::encode;
  }

  /** RobertaForMaskedLM: every token's state to a score for each word. */
  private static TokenScorer maskedLm(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    Roberta roberta = new Roberta(weights, config);
    int h = config.layer().hiddenSize();
    return new MaskedLmHead(
        roberta::encode,
        new Linear(weights, "lm_head.dense", h, h),
        Activation.GELU,
        new LayerNorm(weights, "lm_head.layer_norm", h, config.layer().layerNormEps()),
        MaskedLmHead.decoder(weights, json, "lm_head.decoder", "lm_head.bias", roberta.embeddings));
  }

  /** RobertaForSequenceClassification: the first token's state to a score for each label. */
  private static SequenceClassifier sequenceClassifier(
      ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    int h = config.layer().hiddenSize();
    return new PooledHead(
        new Roberta(weights, config)::encode,
        config.classifierDropout(),
        new Linear(weights, "classifier.dense", h, h),
        Activation.TANH,
        config.classifierDropout(),
        new Linear(weights, "classifier.out_proj", h, labels));
  }

  /** RobertaForTokenClassification: every token's state to a score for each label. */
  private static TokenScorer tokenClassifier(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return new TokenHead(
        new Roberta(weights, config)::encode,
        config.classifierDropout(),
        new Linear(weights, "classifier", config.layer().hiddenSize(), labels));
  }

  /** RobertaForQuestionAnswering: every token's scores as first and last of an answer. */
  private static TokenScorer questionAnswering(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return new TokenHead(
        new Roberta(weights, config)::encode,
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
          Tables.afterPadding(
              json,
              vocabulary,
              layer.hiddenSize(),
              Embedding.padding(json, vocabulary, 1),
              json.requirePositiveInt("type_vocab_size")),
          json.requirePositiveInt("num_hidden_layers"),
          layer,
          json.probabilityOr("classifier_dropout", layer.outputDropout()));
    }
  }
}
