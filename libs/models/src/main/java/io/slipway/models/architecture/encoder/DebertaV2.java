package io.slipway.models.architecture.encoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.Family;
import io.slipway.models.architecture.Family.HeadCode;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.SequenceClassifier;
import io.slipway.models.architecture.TextEncoder;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.architecture.TokenScorer;
import io.slipway.models.architecture.encoder.DisentangledAttention.Parts;
import io.slipway.models.architecture.encoder.TokenEmbeddings.Tables;
import io.slipway.models.layers.Embedding;
import io.slipway.models.layers.LayerNorm;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Role;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.mlp.Activation;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * DeBERTa, versions 2 and 3: an encoder whose attention looks at contents and at relative positions
 * apart.
 *
 * <p>Shapes: b rows, s tokens, e embedding features, h hidden features, r relative positions.
 * Weight names are the reference's.
 *
 * @see <a href="https://arxiv.org/abs/2006.03654">He et al. 2020</a>
 * @see <a href="https://arxiv.org/abs/2111.09543">He et al. 2021</a>
 */
public final class DebertaV2 {

  private static final EncoderNames NAMES =
      new EncoderNames(
          "deberta",
          List.of("embeddings.", "encoder."),
          List.of(
              "deberta.embeddings.position_embeddings.",
              "cls.",
              "lm_predictions.",
              "mask_predictions.",
              "pooler.",
              "classifier.",
              "qa_outputs."));

  private static final LayerNames LAYER_NAMES =
      new LayerNames(
          "attention.self.query_proj",
          "attention.self.key_proj",
          "attention.self.value_proj",
          "attention.output.dense",
          "attention.output.LayerNorm",
          "intermediate.dense",
          "output.dense",
          "output.LayerNorm");

  public static final Family FAMILY =
      Family.of("deberta-v2", NAMES)
          .head(Head.FEATURES, DebertaV2::encoder, EncoderClasses.all("DebertaV2"))
          .head(Head.MASKED_LM, DebertaV2::maskedLm, "DebertaV2ForMaskedLM")
          .head(
              Head.SEQUENCE_CLASSIFICATION,
              HeadCode.of(DebertaV2::sequenceClassifier, "DebertaV2ForSequenceClassification")
                  .labels("classifier.")
                  .fresh("pooler."))
          .head(
              Head.TOKEN_CLASSIFICATION,
              HeadCode.of(DebertaV2::tokenClassifier, "DebertaV2ForTokenClassification")
                  .labels("classifier."))
          .head(
              Head.QUESTION_ANSWERING,
              HeadCode.of(DebertaV2::questionAnswering, "DebertaV2ForQuestionAnswering")
                  .fresh("qa_outputs."));

  private final Config config;
  private final ComputeDevice device;
  private final TokenEmbeddings embeddings;
  private final @Nullable Linear projection;
  private final LayerNorm embeddingNorm;
  private final @Nullable Embedding positions;
  private final @Nullable LayerNorm positionNorm;
  private final @Nullable SequenceConvolution convolution;
  private final List<Layer> layers;

  private DebertaV2(Weights weights, Config config) {
    LayerShape layer = config.layer();
    int e = config.tables().size();
    int h = layer.hiddenSize();
    double eps = layer.layerNormEps();
    this.config = config;
    this.device = weights.device();
    this.embeddings = new TokenEmbeddings(weights, "deberta.embeddings.", config.tables());
    this.projection =
        e == h ? null : new Linear(weights, "deberta.embeddings.embed_proj", e, h, false);
    this.embeddingNorm = new LayerNorm(weights, "deberta.embeddings.LayerNorm", h, eps);
    this.positions =
        config.parts().relative()
            ? new Embedding(
                weights,
                "deberta.encoder.rel_embeddings",
                2L * config.relative().span(),
                h,
                Embedding.NO_PADDING)
            : null;
    this.positionNorm =
        config.normalisedPositions()
            ? new LayerNorm(weights, "deberta.encoder.LayerNorm", h, eps)
            : null;
    this.convolution =
        config
            .convolution()
            .map(c -> new SequenceConvolution(weights, "deberta.encoder.conv.", c, layer))
            .orElse(null);
    this.layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> "deberta.encoder.layer." + i + ".")
            .map(name -> Layer.of(weights, name, config))
            .toList();
  }

  /** DebertaV2Model: the states of all tokens. */
  private static TextEncoder encoder(ModelConfig json, Weights weights, int labels) {
    return new DebertaV2(weights, Config.of(json))::encode;
  }

  /** DebertaV2ForMaskedLM: every token's state to a score for each word. */
  private static TokenScorer maskedLm(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    DebertaV2 deberta = new DebertaV2(weights, config);
    int h = config.layer().hiddenSize();
    double eps = config.layer().layerNormEps();
    if (json.booleanOr("legacy", true)) {
      int e = config.tables().size();
      String prefix = "cls.predictions.";
      return new MaskedLmHead(
          deberta::encode,
          new Linear(weights, prefix + "transform.dense", h, e),
          config.layer().hiddenAct(),
          new LayerNorm(weights, prefix + "transform.LayerNorm", e, eps),
          MaskedLmHead.decoder(
              weights, json, prefix + "decoder", prefix + "bias", deberta.embeddings));
    }
    if (config.tables().size() != h) {
      throw json.unsupported(
          "legacy", "false with an embedding_size apart from hidden_size", "one size for both");
    }
    String prefix = "lm_predictions.lm_head.";
    Tensor bias = weights.parameter(prefix + "bias", Role.BIAS, config.tables().vocabSize());
    return new MaskedLmHead(
        deberta::encode,
        new Linear(weights, prefix + "dense", h, h),
        config.layer().hiddenAct(),
        new LayerNorm(weights, prefix + "LayerNorm", h, eps),
        Linear.tied(weights, "lm_predictions.lm_head", deberta.embeddings.words(), bias));
  }

  /** DebertaV2ForSequenceClassification: the first token's state to a score for each label. */
  private static SequenceClassifier sequenceClassifier(
      ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    int h = config.layer().hiddenSize();
    int pooled = json.intOr("pooler_hidden_size", h);
    if (pooled != h) {
      throw json.malformed(
          "pooler_hidden_size", "is %d, expected hidden_size, %d".formatted(pooled, h));
    }
    return new PooledHead(
        new DebertaV2(weights, config)::encode,
        json.probabilityOr("pooler_dropout", 0),
        new Linear(weights, "pooler.dense", h, h),
        Activation.of(json, "pooler_hidden_act", "gelu"),
        json.probabilityOr("cls_dropout", config.layer().outputDropout()),
        new Linear(weights, "classifier", h, labels));
  }

  /** DebertaV2ForTokenClassification: every token's state to a score for each label. */
  private static TokenScorer tokenClassifier(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return TokenHead.ofLabels(
        weights,
        new DebertaV2(weights, config)::encode,
        config.layer().outputDropout(),
        config.layer().hiddenSize(),
        labels);
  }

  /** DebertaV2ForQuestionAnswering: every token's scores as first and last of an answer. */
  private static TokenScorer questionAnswering(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    return TokenHead.ofAnswers(
        weights, new DebertaV2(weights, config)::encode, 0, config.layer().hiddenSize());
  }

  /** States of all tokens: [b, s, h] */
  private Tensor encode(Forward forward, TokenBatch batch) {
    Padding padding = Padding.of(batch.visibleKeys(device));
    Tensor x = embed(forward, batch, padding);
    if (positions == null || !config.parts().positioned()) {
      return forward.blocks(
          layers, x, (layer, input) -> apply(layer, forward, input, padding, null, null));
    }
    RelativePositions relative = config.relative().of(batch.length(), device);
    Tensor rows = positions.rows(relative.first(), relative.count());
    Tensor normal = positionNorm == null ? rows : positionNorm.apply(rows); // [r, h]
    return forward.chain(
        layers,
        x,
        (layer, input) ->
            forward.block(
                in -> apply(layer, forward, in.get(0), padding, in.get(1), relative.index()),
                input,
                normal));
  }

  private Tensor embed(Forward forward, TokenBatch batch, Padding padding) {
    Tensor sum = embeddings.apply(batch); // [b, s, e]
    Tensor x = embeddingNorm.apply(projection == null ? sum : projection.apply(forward, sum));
    return forward.dropout(
        padding.tokens() == null ? x : x.mul(padding.tokens()), config.layer().outputDropout());
  }

  /** [b, s, h] to the same shape; see {@link DisentangledAttention#apply} for the rest */
  private Tensor apply(
      Layer layer,
      Forward forward,
      Tensor x,
      Padding padding,
      @Nullable Tensor relative,
      @Nullable Tensor index) {
    Tensor attended = layer.attention().apply(forward, x, padding.hidden(), relative, index);
    Tensor result = layer.rest().apply(forward, x, attended);
    return layer == layers.getFirst() && convolution != null
        ? convolution.apply(forward, x, result, padding.tokens())
        : result;
  }

  private record Layer(DisentangledAttention attention, PostNorm rest) {

    static Layer of(Weights weights, String prefix, Config config) {
      LayerShape shape = config.layer();
      return new Layer(
          new DisentangledAttention(weights, prefix, LAYER_NAMES, shape, config.parts()),
          new PostNorm(weights, prefix, LAYER_NAMES, shape));
    }
  }

  /**
   * Where there is padding; both null when there is none.
   *
   * @param tokens [b, s, 1], false for padding
   * @param hidden [b, 1, s, s], true for pairs of which one is padding
   */
  private record Padding(@Nullable Tensor tokens, @Nullable Tensor hidden) {

    static Padding of(@Nullable Tensor visible) {
      if (visible == null) {
        return new Padding(null, null);
      }
      Tensor column = visible.transpose(2, 3); // [b, 1, s, 1]
      return new Padding(column.squeeze(1), visible.logical_and(column).logical_not_());
    }
  }

  /**
   * config.json, field by field; what is not implemented is refused by name.
   *
   * @param relative rows of relative positions
   * @param normalisedPositions whether they go through a normalisation
   */
  record Config(
      Tables tables,
      int numHiddenLayers,
      LayerShape layer,
      Parts parts,
      RelativePositions.Table relative,
      boolean normalisedPositions,
      Optional<SequenceConvolution.Config> convolution) {

    static Config of(ModelConfig json) {
      EncoderOnly.require(json);
      int vocabulary = json.requirePositiveInt("vocab_size");
      LayerShape layer = LayerShape.of(json, 1e-7);
      int headSize = json.intOr("attention_head_size", layer.headSize());
      if (headSize != layer.headSize()) {
        throw json.unsupported(
            "attention_head_size", Integer.toString(headSize), "hidden_size by the heads");
      }
      return new Config(
          new Tables(
              vocabulary,
              json.intOr("embedding_size", layer.hiddenSize()),
              Embedding.padding(json, vocabulary, 0),
              json.intOr("type_vocab_size", 0),
              json.requirePositiveInt("max_position_embeddings"),
              json.booleanOr("position_biased_input", true),
              TokenEmbeddings.FROM_ZERO),
          json.requirePositiveInt("num_hidden_layers"),
          layer,
          parts(json),
          relative(json),
          list(json, "norm_rel_ebd", List.of("none", "layer_norm")).contains("layer_norm"),
          SequenceConvolution.Config.of(json, layer.hiddenSize()));
    }

    private static Parts parts(ModelConfig json) {
      List<String> types = list(json, "pos_att_type", List.of("c2p", "p2c"));
      return new Parts(
          json.booleanOr("relative_attention", false),
          types.contains("c2p"),
          types.contains("p2c"),
          json.booleanOr("share_att_key", false));
    }

    private static RelativePositions.Table relative(ModelConfig json) {
      int given = json.intOr("max_relative_positions", -1);
      int farthest = given < 1 ? json.requirePositiveInt("max_position_embeddings") : given;
      int buckets = Math.max(json.intOr("position_buckets", -1), 0);
      if (buckets == 1) {
        throw json.malformed("position_buckets", "is 1, expected at least 2, or -1 for none");
      }
      return new RelativePositions.Table(buckets > 0 ? buckets : farthest, buckets, farthest);
    }

    /** Values that stand in an array, or in a string with bars between them. */
    private static List<String> list(ModelConfig json, String field, List<String> known) {
      List<String> values =
          json.isString(field)
              ? Arrays.stream(json.requireString(field).toLowerCase(Locale.ROOT).split("\\|"))
                  .map(String::strip)
                  .toList()
              : json.strings(field).orElse(List.of());
      for (String value : values) {
        if (!known.contains(value)) {
          throw json.unsupported(field, '"' + value + '"', String.join(", ", known));
        }
      }
      return values;
    }
  }
}
