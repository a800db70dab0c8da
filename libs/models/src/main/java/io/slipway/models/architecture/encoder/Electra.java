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
import org.jspecify.annotations.Nullable;

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

  private final ComputeDevice device;
  private final double dropout;
  private final TokenEmbeddings embeddings;
  private final LayerNorm embeddingNorm;
  private final @Nullable Linear projection;
  private final List<PostNormLayer> layers;

  private Electra(Weights weights, Config config) {
    LayerShape layer = config.layer();
    String prefix = "electra.embeddings.";
    int e = config.tables().size();
    int h = layer.hiddenSize();
    this.device = weights.device();
    this.dropout = layer.outputDropout();
    this.embeddings = new TokenEmbeddings(weights, prefix, config.tables());
    this.embeddingNorm = new LayerNorm(weights, prefix + "LayerNorm", e, layer.layerNormEps());
    this.projection = e == h ? null : new Linear(weights, "electra.embeddings_project", e, h);
    this.layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> "electra.encoder.layer." + i + ".")
            .map(name -> new PostNormLayer(weights, name, LayerNames.BERT, layer))
            .toList();
  }

  /** ElectraModel: the states of all tokens. */
  private static TextEncoder encoder(ModelConfig json, Weights weights, int labels) {
    return new Electra(weights, Config.of(json))::encode;
  }

  /** ElectraForMaskedLM, the generator: every token's state to a score for each word. */
  private static TokenScorer maskedLm(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    Electra electra = new Electra(weights, config);
    int e = config.tables().size();
    String prefix = "generator_predictions.";
    String decoder = "generator_lm_head";
    return new MaskedLmHead(
        electra::encode,
        new Linear(weights, prefix + "dense", config.layer().hiddenSize(), e),
        Activation.GELU,
        new LayerNorm(weights, prefix + "LayerNorm", e, config.layer().layerNormEps()),
        MaskedLmHead.decoder(weights, json, decoder, decoder + ".bias", electra.embeddings));
  }

  /** ElectraForSequenceClassification: the first token's state to a score for each label. */
  private static SequenceClassifier sequenceClassifier(
      ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    int h = config.layer().hiddenSize();
    return new PooledHead(
        new Electra(weights, config)::encode,
        config.classifierDropout(),
        new Linear(weights, "classifier.dense", h, h),
        Activation.GELU,
        config.classifierDropout(),
        new Linear(weights, "classifier.out_proj", h, labels));
  }

  /** ElectraForTokenClassification: every token's state to a score for each label. */
  private static TokenScorer tokenClassifier(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return new TokenHead(
        new Electra(weights, config)::encode,
        config.classifierDropout(),
        new Linear(weights, "classifier", config.layer().hiddenSize(), labels));
  }

  /** ElectraForQuestionAnswering: every token's scores as first and last of an answer. */
  private static TokenScorer questionAnswering(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return new TokenHead(
        new Electra(weights, config)::encode,
        0,
        new Linear(weights, "qa_outputs", config.layer().hiddenSize(), 2));
  }

  /** States of all tokens: [b, s, h] */
  private Tensor encode(Forward forward, TokenBatch batch) {
    Tensor narrow = forward.dropout(embeddingNorm.apply(embeddings.apply(batch)), dropout);
    Tensor x = projection == null ? narrow : projection.apply(forward, narrow);
    Tensor visible = batch.visibleKeys(device);
    for (PostNormLayer layer : layers) {
      x = forward.block(x, input -> layer.apply(forward, input, visible));
    }
    return x;
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
