package io.slipway.models.architecture;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.layers.Activation;
import io.slipway.models.layers.Embedding;
import io.slipway.models.layers.Forward;
import io.slipway.models.layers.LayerNorm;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.SelfAttention;
import io.slipway.models.layers.WeightNames;
import io.slipway.models.layers.Weights;
import io.slipway.models.runtime.ComputeDevice;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * BERT: a bidirectional transformer encoder with learned absolute positions, normalised after each
 * residual.
 *
 * <p>Shapes: b rows, s tokens, h hidden features. Weight names are the reference's.
 *
 * @see <a href="https://arxiv.org/abs/1810.04805">Devlin et al. 2018</a>
 */
final class Bert {

  /**
   * Names of the reference's checkpoints, with or without a task's head, and in their older
   * spelling.
   */
  static final WeightNames NAMES = new Names();

  private final Config config;
  private final ComputeDevice device;
  private final Embedding words;
  private final Embedding positions;
  private final Embedding types;
  private final LayerNorm embeddingNorm;
  private final List<Layer> layers;

  private Bert(Weights weights, Config config) {
    String prefix = "bert.embeddings.";
    int h = config.hiddenSize();
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
    this.embeddingNorm = new LayerNorm(weights, prefix + "LayerNorm", h, config.layerNormEps());
    this.layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> new Layer(weights, "bert.encoder.layer." + i + ".", config))
            .toList();
  }

  /** BertForSequenceClassification: the first token's state, pooled, to a score for each label. */
  static SequenceClassifier sequenceClassifier(
      ModelConfig modelConfig, Weights weights, int labels) {
    Config config = Config.of(modelConfig);
    Bert bert = new Bert(weights, config);
    int h = config.hiddenSize();
    Linear pooler = new Linear(weights, "bert.pooler.dense", h, h);
    Linear classifier = new Linear(weights, "classifier", h, labels);
    return (forward, batch) -> {
      Tensor first = bert.encode(forward, batch).select(1, 0); // [b, h]
      Tensor pooled = torch.tanh(pooler.apply(first));
      return classifier.apply(forward.dropout(pooled, config.classifierDropout())); // [b, labels]
    };
  }

  /** States of all tokens: [b, s, h] */
  private Tensor encode(Forward forward, TokenBatch batch) {
    batch.check(config.vocabSize(), config.maxPositionEmbeddings());
    Tensor x = forward.block(() -> embed(forward, batch));
    Tensor visible = batch.visibleKeys(device);
    for (Layer layer : layers) {
      Tensor input = x;
      x = forward.block(() -> layer.apply(forward, input, visible));
    }
    return x;
  }

  private Tensor embed(Forward forward, TokenBatch batch) {
    Tensor sum =
        words
            .apply(batch.ids(device)) // [b, s, h]
            .add(types.apply(batch.typeIds(device)))
            .add(positions.first(batch.length())); // [s, h]
    return forward.dropout(embeddingNorm.apply(sum), config.hiddenDropout());
  }

  /** One transformer block. */
  private static final class Layer {

    private final SelfAttention attention;
    private final LayerNorm attentionNorm;
    private final Linear intermediate;
    private final Linear output;
    private final LayerNorm outputNorm;
    private final Activation activation;
    private final double dropout;

    Layer(Weights weights, String prefix, Config config) {
      int h = config.hiddenSize();
      int wide = config.intermediateSize();
      String self = prefix + "attention.self.";
      this.attention =
          new SelfAttention(
              new Linear(weights, self + "query", h, h),
              new Linear(weights, self + "key", h, h),
              new Linear(weights, self + "value", h, h),
              new Linear(weights, prefix + "attention.output.dense", h, h),
              config.numAttentionHeads(),
              config.attentionDropout());
      this.attentionNorm =
          new LayerNorm(weights, prefix + "attention.output.LayerNorm", h, config.layerNormEps());
      this.intermediate = new Linear(weights, prefix + "intermediate.dense", h, wide);
      this.output = new Linear(weights, prefix + "output.dense", wide, h);
      this.outputNorm =
          new LayerNorm(weights, prefix + "output.LayerNorm", h, config.layerNormEps());
      this.activation = config.hiddenAct();
      this.dropout = config.hiddenDropout();
    }

    /** [b, s, h] to the same shape */
    Tensor apply(Forward forward, Tensor x, @Nullable Tensor visible) {
      Tensor attended = forward.dropout(attention.apply(forward, x, visible), dropout);
      Tensor middle = attentionNorm.apply(attended.add(x));
      Tensor wide = activation.apply(intermediate.apply(middle)); // [b, s, intermediate]
      return outputNorm.apply(forward.dropout(output.apply(wide), dropout).add(middle));
    }
  }

  /** config.json, field by field; what is not implemented is refused by name. */
  record Config(
      int vocabSize,
      int hiddenSize,
      int numHiddenLayers,
      int numAttentionHeads,
      int intermediateSize,
      Activation hiddenAct,
      double hiddenDropout,
      double attentionDropout,
      double classifierDropout,
      int maxPositionEmbeddings,
      int typeVocabSize,
      double layerNormEps,
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
      int padding = json.intOr("pad_token_id", Embedding.NO_PADDING);
      if (padding >= vocabulary || padding < Embedding.NO_PADDING) {
        throw json.malformed(
            "pad_token_id", "is %d, outside the vocabulary of %d".formatted(padding, vocabulary));
      }
      double hiddenDropout = probability(json, "hidden_dropout_prob", 0.1);
      return new Config(
          vocabulary,
          hidden,
          json.requirePositiveInt("num_hidden_layers"),
          heads,
          json.requirePositiveInt("intermediate_size"),
          Activation.of(json, "hidden_act", "gelu"),
          hiddenDropout,
          probability(json, "attention_probs_dropout_prob", 0.1),
          probability(json, "classifier_dropout", hiddenDropout),
          json.requirePositiveInt("max_position_embeddings"),
          json.requirePositiveInt("type_vocab_size"),
          json.doubleOr("layer_norm_eps", 1e-12),
          padding);
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

    private static double probability(ModelConfig json, String field, double absent) {
      double value = json.doubleOr(field, absent);
      if (!(value >= 0 && value < 1)) {
        throw json.malformed(field, "is " + value + ", expected at least 0 and less than 1");
      }
      return value;
    }
  }

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
      return name.equals("bert.embeddings.position_ids") || name.startsWith("cls.");
    }
  }
}
