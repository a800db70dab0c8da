package io.slipway.models.architecture.encoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.Family;
import io.slipway.models.architecture.Family.HeadCode;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.SequenceClassifier;
import io.slipway.models.architecture.TextEncoder;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.architecture.TokenScorer;
import io.slipway.models.layers.Activation;
import io.slipway.models.layers.Embedding;
import io.slipway.models.layers.Forward;
import io.slipway.models.layers.LayerNorm;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Role;
import io.slipway.models.layers.WeightNames;
import io.slipway.models.layers.Weights;
import io.slipway.models.runtime.ComputeDevice;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * BERT: a bidirectional transformer encoder with learned absolute positions, normalised after each
 * residual.
 *
 * <p>Shapes: b rows, s tokens, h hidden features. Weight names are the reference's.
 *
 * @see <a href="https://arxiv.org/abs/1810.04805">Devlin et al. 2018</a>
 */
public final class Bert {

  public static final Family FAMILY =
      Family.of("bert", new Names())
          .head(Head.FEATURES, Bert::encoder, "BertModel")
          .head(Head.MASKED_LM, Bert::maskedLm, "BertForMaskedLM", "BertForPreTraining")
          .head(
              Head.SEQUENCE_CLASSIFICATION,
              new HeadCode<>(
                  List.of("BertForSequenceClassification"),
                  Bert::sequenceClassifier,
                  List.of("classifier."),
                  List.of("bert.pooler.")))
          .head(
              Head.TOKEN_CLASSIFICATION,
              new HeadCode<>(
                  List.of("BertForTokenClassification"),
                  Bert::tokenClassifier,
                  List.of("classifier."),
                  List.of()))
          .head(
              Head.QUESTION_ANSWERING,
              new HeadCode<>(
                  List.of("BertForQuestionAnswering"),
                  Bert::questionAnswering,
                  List.of(),
                  List.of("qa_outputs.")));

  private final Config config;
  private final ComputeDevice device;
  private final Embedding words;
  private final Embedding positions;
  private final Embedding types;
  private final LayerNorm embeddingNorm;
  private final List<PostNormLayer> layers;

  private Bert(Weights weights, Config config) {
    String prefix = "bert.embeddings.";
    int h = config.layer().hiddenSize();
    this.config = config;
    this.device = weights.device();
    this.words =
        new Embedding(
            weights, prefix + "word_embeddings", config.vocabSize(), h, config.padTokenId());
    this.positions =
        new Embedding(
            weights,
            prefix + "position_embeddings",
            config.maxPositionEmbeddings(),
            h,
            Embedding.NO_PADDING);
    this.types =
        new Embedding(
            weights,
            prefix + "token_type_embeddings",
            config.typeVocabSize(),
            h,
            Embedding.NO_PADDING);
    this.embeddingNorm =
        new LayerNorm(weights, prefix + "LayerNorm", h, config.layer().layerNormEps());
    this.layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(
                i -> new PostNormLayer(weights, "bert.encoder.layer." + i + ".", config.layer()))
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
    String prefix = "cls.predictions.";
    Tensor bias = weights.parameter(prefix + "bias", Role.BIAS, config.vocabSize());
    weights.duplicate(prefix + "decoder.bias");
    MaskedLmHead head =
        new MaskedLmHead(
            new Linear(weights, prefix + "transform.dense", h, h),
            config.layer().hiddenAct(),
            new LayerNorm(
                weights, prefix + "transform.LayerNorm", h, config.layer().layerNormEps()),
            Linear.tied(weights, prefix + "decoder", bert.words, bias));
    return (forward, batch) -> head.apply(forward, bert.encode(forward, batch)); // [b, s, vocab]
  }

  /** BertForSequenceClassification: the first token's state, pooled, to a score for each label. */
  private static SequenceClassifier sequenceClassifier(
      ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    Bert bert = new Bert(weights, config);
    int h = config.layer().hiddenSize();
    Linear pooler = new Linear(weights, "bert.pooler.dense", h, h);
    Linear classifier = new Linear(weights, "classifier", h, labels);
    return (forward, batch) -> {
      Tensor first = bert.encode(forward, batch).select(1, 0); // [b, h]
      Tensor pooled =
          forward.dropout(torch.tanh(pooler.apply(forward, first)), config.classifierDropout());
      return classifier.apply(forward, pooled); // [b, labels]
    };
  }

  /** BertForTokenClassification: every token's state to a score for each label. */
  private static TokenScorer tokenClassifier(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    Bert bert = new Bert(weights, config);
    Linear classifier = new Linear(weights, "classifier", config.layer().hiddenSize(), labels);
    return (forward, batch) ->
        classifier.apply(
            forward, // [b, s, labels]
            forward.dropout(bert.encode(forward, batch), config.classifierDropout()));
  }

  /** BertForQuestionAnswering: every token's state to its scores as first and last of an answer. */
  private static TokenScorer questionAnswering(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    Bert bert = new Bert(weights, config);
    Linear outputs = new Linear(weights, "qa_outputs", config.layer().hiddenSize(), 2);
    return (forward, batch) -> outputs.apply(forward, bert.encode(forward, batch)); // [b, s, 2]
  }

  /** States of all tokens: [b, s, h] */
  private Tensor encode(Forward forward, TokenBatch batch) {
    batch.check(config.vocabSize(), config.maxPositionEmbeddings());
    Tensor x = embed(forward, batch);
    Tensor visible = batch.visibleKeys(device);
    for (PostNormLayer layer : layers) {
      x = forward.block(x, input -> layer.apply(forward, input, visible));
    }
    return x;
  }

  private Tensor embed(Forward forward, TokenBatch batch) {
    Tensor sum =
        words
            .apply(batch.ids(device)) // [b, s, h]
            .add(types.apply(batch.typeIds(device)))
            .add(positions.first(batch.length())); // [s, h]
    return forward.dropout(embeddingNorm.apply(sum), config.layer().hiddenDropout());
  }

  /** config.json, field by field; what is not implemented is refused by name. */
  record Config(
      int vocabSize,
      int numHiddenLayers,
      PostNormLayer.Shape layer,
      double classifierDropout,
      int maxPositionEmbeddings,
      int typeVocabSize,
      int padTokenId) {

    static Config of(ModelConfig json) {
      refuseVariants(json);
      int hidden = json.requirePositiveInt("hidden_size");
      int heads = json.requirePositiveInt("num_attention_heads");
      if (hidden % heads != 0) {
        throw json.malformed(
            "hidden_size",
            "is %d, which %d attention heads do not divide".formatted(hidden, heads));
      }
      int vocabulary = json.requirePositiveInt("vocab_size");
      double hiddenDropout = json.probabilityOr("hidden_dropout_prob", 0.1);
      return new Config(
          vocabulary,
          json.requirePositiveInt("num_hidden_layers"),
          new PostNormLayer.Shape(
              hidden,
              heads,
              json.requirePositiveInt("intermediate_size"),
              Activation.of(json, "hidden_act", "gelu"),
              hiddenDropout,
              json.probabilityOr("attention_probs_dropout_prob", 0.1),
              json.doubleOr("layer_norm_eps", 1e-12)),
          json.probabilityOr("classifier_dropout", hiddenDropout),
          json.requirePositiveInt("max_position_embeddings"),
          json.requirePositiveInt("type_vocab_size"),
          Embedding.padding(json, vocabulary));
    }

    private static void refuseVariants(ModelConfig json) {
      String positions = json.string("position_embedding_type").orElse("absolute");
      if (!positions.equals("absolute")) {
        throw json.unsupported("position_embedding_type", '"' + positions + '"', "\"absolute\"");
      }
      for (String flag : List.of("is_decoder", "add_cross_attention")) {
        if (json.booleanOr(flag, false)) {
          throw json.unsupported(flag, "true", "false");
        }
      }
      if (json.has("quantization_config")) {
        throw json.unsupported("quantization_config", "present", "weights that are not quantised");
      }
    }
  }

  /**
   * Names of the reference's checkpoints, with or without a task's head, and in their older
   * spelling.
   */
  private static final class Names implements WeightNames {

    @Override
    public String canonical(String name, Set<String> all) {
      String current =
          name.endsWith("LayerNorm.gamma") || name.endsWith("LayerNorm.beta")
              ? name.replaceFirst("gamma$", "weight").replaceFirst("beta$", "bias")
              : name;
      boolean bare = all.stream().noneMatch(other -> other.startsWith("bert."));
      boolean encoder =
          current.startsWith("embeddings.")
              || current.startsWith("encoder.")
              || current.startsWith("pooler.");
      return bare && encoder ? "bert." + current : current;
    }

    @Override
    public boolean ignorable(String name) {
      return name.equals("bert.embeddings.position_ids")
          || name.startsWith("bert.pooler.")
          || name.startsWith("cls.")
          || name.startsWith("classifier.")
          || name.startsWith("qa_outputs.");
    }
  }
}
