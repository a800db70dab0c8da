package io.slipway.models.architecture.encoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.Family;
import io.slipway.models.architecture.Family.HeadCode;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.SequenceClassifier;
import io.slipway.models.architecture.TextEncoder;
import io.slipway.models.architecture.TokenScorer;
import io.slipway.models.architecture.encoder.TokenEmbeddings.Tables;
import io.slipway.models.layers.Embedding;
import io.slipway.models.layers.LayerNorm;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.mlp.Activation;
import java.util.List;
import java.util.OptionalInt;

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

  private Roberta() {}

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
    return encoder(weights, Config.of(json));
  }

  private static PostNormEncoder encoder(Weights weights, Config config) {
    return new PostNormEncoder(
        weights,
        "roberta",
        "encoder.layer",
        LayerNames.BERT,
        config.tables(),
        config.numHiddenLayers(),
        config.layer());
  }

  /** RobertaForMaskedLM: every token's state to a score for each word. */
  private static TokenScorer maskedLm(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    PostNormEncoder encoder = encoder(weights, config);
    int h = config.layer().hiddenSize();
    return new MaskedLmHead(
        encoder,
        new Linear(weights, "lm_head.dense", h, h),
        Activation.GELU,
        new LayerNorm(weights, "lm_head.layer_norm", h, config.layer().layerNormEps()),
        MaskedLmHead.decoder(
            weights, json, "lm_head.decoder", "lm_head.bias", encoder.embeddings()));
  }

  /** RobertaForSequenceClassification: the first token's state to a score for each label. */
  private static SequenceClassifier sequenceClassifier(
      ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    int h = config.layer().hiddenSize();
    return PooledHead.ofClassifier(
        weights, encoder(weights, config), config.classifierDropout(), Activation.TANH, h, labels);
  }

  /** RobertaForTokenClassification: every token's state to a score for each label. */
  private static TokenScorer tokenClassifier(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return TokenHead.ofLabels(
        weights,
        encoder(weights, config),
        config.classifierDropout(),
        config.layer().hiddenSize(),
        labels);
  }

  /** RobertaForQuestionAnswering: every token's scores as first and last of an answer. */
  private static TokenScorer questionAnswering(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return TokenHead.ofAnswers(weights, encoder(weights, config), 0, config.layer().hiddenSize());
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
