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

  private Bert() {}

  /** BertModel: the states of all tokens. */
  private static TextEncoder encoder(ModelConfig json, Weights weights, int labels) {
    return encoder(weights, Config.of(json));
  }

  private static PostNormEncoder encoder(Weights weights, Config config) {
    return new PostNormEncoder(
        weights,
        "bert",
        "encoder.layer",
        LayerNames.BERT,
        config.tables(),
        config.numHiddenLayers(),
        config.layer());
  }

  /** BertForMaskedLM: every token's state to a score for each word. */
  private static TokenScorer maskedLm(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    PostNormEncoder encoder = encoder(weights, config);
    int h = config.layer().hiddenSize();
    double eps = config.layer().layerNormEps();
    String prefix = "cls.predictions.";
    return new MaskedLmHead(
        encoder,
        new Linear(weights, prefix + "transform.dense", h, h),
        config.layer().hiddenAct(),
        new LayerNorm(weights, prefix + "transform.LayerNorm", h, eps),
        MaskedLmHead.decoder(
            weights, json, prefix + "decoder", prefix + "bias", encoder.embeddings()));
  }

  /** BertForSequenceClassification: the first token's state, pooled, to a score for each label. */
  private static SequenceClassifier sequenceClassifier(
      ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    int h = config.layer().hiddenSize();
    return new PooledHead(
        encoder(weights, config),
        0,
        new Linear(weights, "bert.pooler.dense", h, h),
        Activation.TANH,
        config.classifierDropout(),
        new Linear(weights, "classifier", h, labels));
  }

  /** BertForTokenClassification: every token's state to a score for each label. */
  private static TokenScorer tokenClassifier(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return TokenHead.ofLabels(
        weights,
        encoder(weights, config),
        config.classifierDropout(),
        config.layer().hiddenSize(),
        labels);
  }

  /** BertForQuestionAnswering: every token's state to its scores as first and last of an answer. */
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
