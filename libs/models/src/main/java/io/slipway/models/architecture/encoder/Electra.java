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
 * ELECTRA: BERT's encoder, whose embeddings may be narrower than its states, as generator (with the
 * masked-lm head) or as discriminator (with the others).
 *
 * <p>Shapes: b rows, s tokens, e embedding features, h hidden features. Weight names are the
 * reference's.
 *
 * @see <a href="https://arxiv.org/abs/2003.10555">Clark et al. 2020</a>
 */
public final class Electra {

  private static final EncoderNames NAMES =
      new EncoderNames(
          "electra",
          List.of("embeddings.", "embeddings_project.", "encoder."),
          List.of(
              "generator_predictions.",
              "generator_lm_head.",
              "discriminator_predictions.",
              "classifier.",
              "qa_outputs."));

  public static final Family FAMILY =
      Family.of("electra", NAMES)
          .head(
              Head.FEATURES,
              Electra::encoder,
              EncoderClasses.all("Electra", "ElectraForPreTraining"))
          .head(Head.MASKED_LM, Electra::maskedLm, "ElectraForMaskedLM")
          .head(
              Head.SEQUENCE_CLASSIFICATION,
              HeadCode.of(Electra::sequenceClassifier, "ElectraForSequenceClassification")
                  .labels("classifier.out_proj.")
                  .fresh("classifier.dense."))
          .head(
              Head.TOKEN_CLASSIFICATION,
              HeadCode.of(Electra::tokenClassifier, "ElectraForTokenClassification")
                  .labels("classifier."))
          .head(
              Head.QUESTION_ANSWERING,
              HeadCode.of(Electra::questionAnswering, "ElectraForQuestionAnswering")
                  .fresh("qa_outputs."));

  private Electra() {}

  /** ElectraModel: the states of all tokens. */
  private static TextEncoder encoder(ModelConfig json, Weights weights, int labels) {
    return encoder(weights, Config.of(json));
  }

  private static PostNormEncoder encoder(Weights weights, Config config) {
    return new PostNormEncoder(
        weights,
        "electra",
        "encoder.layer",
        LayerNames.BERT,
        config.tables(),
        config.numHiddenLayers(),
        config.layer());
  }

  /** ElectraForMaskedLM, the generator: every token's state to a score for each word. */
  private static TokenScorer maskedLm(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    PostNormEncoder encoder = encoder(weights, config);
    int e = config.tables().size();
    String prefix = "generator_predictions.";
    String decoder = "generator_lm_head";
    return new MaskedLmHead(
        encoder,
        new Linear(weights, prefix + "dense", config.layer().hiddenSize(), e),
        Activation.GELU,
        new LayerNorm(weights, prefix + "LayerNorm", e, config.layer().layerNormEps()),
        MaskedLmHead.decoder(weights, json, decoder, decoder + ".bias", encoder.embeddings()));
  }

  /** ElectraForSequenceClassification: the first token's state to a score for each label. */
  private static SequenceClassifier sequenceClassifier(
      ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    int h = config.layer().hiddenSize();
    return PooledHead.ofClassifier(
        weights, encoder(weights, config), config.classifierDropout(), Activation.GELU, h, labels);
  }

  /** ElectraForTokenClassification: every token's state to a score for each label. */
  private static TokenScorer tokenClassifier(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return TokenHead.ofLabels(
        weights,
        encoder(weights, config),
        config.classifierDropout(),
        config.layer().hiddenSize(),
        labels);
  }

  /** ElectraForQuestionAnswering: every token's scores as first and last of an answer. */
  private static TokenScorer questionAnswering(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return TokenHead.ofAnswers(weights, encoder(weights, config), 0, config.layer().hiddenSize());
  }

  /**
   * config.json, field by field; what is not implemented is refused by name. The {@code summary}
   * fields belong to multiple choice, which is not a head here.
   */
  record Config(Tables tables, int numHiddenLayers, LayerShape layer, double classifierDropout) {

    static Config of(ModelConfig json) {
      EncoderOnly.require(json);
      int vocabulary = json.requirePositiveInt("vocab_size");
      LayerShape layer = LayerShape.of(json, 1e-12);
      return new Config(
          Tables.fromZero(
              vocabulary,
              json.requirePositiveInt("embedding_size"),
              Embedding.padding(json, vocabulary, 0),
              json.requirePositiveInt("type_vocab_size"),
              json.requirePositiveInt("max_position_embeddings")),
          json.requirePositiveInt("num_hidden_layers"),
          layer,
          json.probabilityOr("classifier_dropout", layer.outputDropout()));
    }
  }
}
