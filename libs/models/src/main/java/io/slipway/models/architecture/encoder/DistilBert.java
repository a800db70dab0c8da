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
 * DistilBERT: BERT's encoder at half its depth, without token types and without a pooler.
 *
 * <p>Shapes: b rows, s tokens, h hidden features. Weight names are the reference's.
 *
 * @see <a href="https://arxiv.org/abs/1910.01108">Sanh et al. 2019</a>
 */
public final class DistilBert {

  private static final double LAYER_NORM_EPS = 1e-12;

  private static final EncoderNames NAMES =
      new EncoderNames(
          "distilbert",
          List.of("embeddings.", "transformer."),
          List.of("vocab_", "pre_classifier.", "classifier.", "qa_outputs."));

  private static final LayerNames LAYER_NAMES =
      new LayerNames(
          "attention.q_lin",
          "attention.k_lin",
          "attention.v_lin",
          "attention.out_lin",
          "sa_layer_norm",
          "ffn.lin1",
          "ffn.lin2",
          "output_layer_norm");

  public static final Family FAMILY =
      Family.of("distilbert", NAMES)
          .head(Head.FEATURES, DistilBert::encoder, EncoderClasses.all("DistilBert"))
          .head(Head.MASKED_LM, DistilBert::maskedLm, "DistilBertForMaskedLM")
          .head(
              Head.SEQUENCE_CLASSIFICATION,
              HeadCode.of(DistilBert::sequenceClassifier, "DistilBertForSequenceClassification")
                  .labels("classifier.")
                  .fresh("pre_classifier."))
          .head(
              Head.TOKEN_CLASSIFICATION,
              HeadCode.of(DistilBert::tokenClassifier, "DistilBertForTokenClassification")
                  .labels("classifier."))
          .head(
              Head.QUESTION_ANSWERING,
              HeadCode.of(DistilBert::questionAnswering, "DistilBertForQuestionAnswering")
                  .fresh("qa_outputs."));

  private DistilBert() {}

  /** DistilBertModel: the states of all tokens. */
  private static TextEncoder encoder(ModelConfig json, Weights weights, int labels) {
    return encoder(weights, Config.of(json));
  }

  private static PostNormEncoder encoder(Weights weights, Config config) {
    return new PostNormEncoder(
        weights,
        "distilbert",
        "transformer.layer",
        LAYER_NAMES,
        config.tables(),
        config.layers(),
        config.layer());
  }

  /** DistilBertForMaskedLM: every token's state to a score for each word. */
  private static TokenScorer maskedLm(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    PostNormEncoder encoder = encoder(weights, config);
    int h = config.layer().hiddenSize();
    return new MaskedLmHead(
        encoder,
        new Linear(weights, "vocab_transform", h, h),
        config.layer().hiddenAct(),
        new LayerNorm(weights, "vocab_layer_norm", h, LAYER_NORM_EPS),
        MaskedLmHead.decoder(
            weights, json, "vocab_projector", "vocab_projector.bias", encoder.embeddings()));
  }

  /** DistilBertForSequenceClassification: the first token's state to a score for each label. */
  private static SequenceClassifier sequenceClassifier(
      ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    int h = config.layer().hiddenSize();
    return new PooledHead(
        encoder(weights, config),
        0,
        new Linear(weights, "pre_classifier", h, h),
        Activation.RELU,
        config.seqClassifDropout(),
        new Linear(weights, "classifier", h, labels));
  }

  /** DistilBertForTokenClassification: every token's state to a score for each label. */
  private static TokenScorer tokenClassifier(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return TokenHead.ofLabels(
        weights, encoder(weights, config), config.dropout(), config.layer().hiddenSize(), labels);
  }

  /** DistilBertForQuestionAnswering: every token's scores as first and last of an answer. */
  private static TokenScorer questionAnswering(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return TokenHead.ofAnswers(
        weights, encoder(weights, config), config.qaDropout(), config.layer().hiddenSize());
  }

  /**
   * config.json, field by field; what is not implemented is refused by name. {@code
   * sinusoidal_pos_embds} only says how the table of positions began: checkpoints hold it either
   * way.
   */
  record Config(
      Tables tables,
      int layers,
      LayerShape layer,
      double dropout,
      double qaDropout,
      double seqClassifDropout) {

    static Config of(ModelConfig json) {
      EncoderOnly.require(json);
      int vocabulary = json.requirePositiveInt("vocab_size");
      int heads = json.requirePositiveInt("n_heads");
      int size = LayerShape.divided(json, "dim", heads);
      double dropout = json.probabilityOr("dropout", 0.1);
      return new Config(
          Tables.fromZero(
              vocabulary,
              size,
              Embedding.padding(json, vocabulary, 0),
              0,
              json.requirePositiveInt("max_position_embeddings")),
          json.requirePositiveInt("n_layers"),
          new LayerShape(
              size,
              heads,
              json.requirePositiveInt("hidden_dim"),
              Activation.of(json, "activation", "gelu"),
              0,
              dropout,
              json.probabilityOr("attention_dropout", 0.1),
              LAYER_NORM_EPS),
          dropout,
          json.probabilityOr("qa_dropout", 0.1),
          json.probabilityOr("seq_classif_dropout", 0.2));
    }
  }
}
