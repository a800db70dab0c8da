package io.slipway.models.architecture.seq2seq;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.EncoderDecoder;
import io.slipway.models.architecture.Family;
import io.slipway.models.architecture.Family.HeadCode;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.SequenceClassifier;
import io.slipway.models.architecture.TeacherForcing;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.layers.Embedding;
import io.slipway.models.layers.LayerNorm;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.WeightNames;
import io.slipway.models.layers.Weights;
import io.slipway.models.runtime.Tensors;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * BART: an encoder-decoder with learned absolute positions, whose embeddings are normalised too.
 *
 * <p>Shapes: b rows, s source tokens, t target tokens, h features ({@code d_model}). Weight names
 * are the reference's.
 *
 * @see <a href="https://arxiv.org/abs/1910.13461">Lewis et al. 2019</a>
 */
public final class Bart {

  public static final Family FAMILY =
      Family.of("bart", new Names())
          .head(Head.SEQ2SEQ_LM, Bart::conditionalGeneration, "BartForConditionalGeneration")
          .head(
              Head.SEQUENCE_CLASSIFICATION,
              new HeadCode<>(
                  List.of("BartForSequenceClassification"),
                  Bart::sequenceClassifier,
                  List.of("classification_head.out_proj."),
                  List.of("classification_head.dense.")));

  private static final String SHARED = "model.shared";
  private static final String ENCODER = "model.encoder.";
  private static final String DECODER = "model.decoder.";
  private static final String WORDS = "embed_tokens";
  private static final String OUTPUT = "lm_head";

  /** The table of positions begins with rows that no position has. */
  private static final int UNUSED_POSITIONS = 2;

  private final Weights weights;
  private final Config config;
  private final TiedEmbeddings words;

  private Bart(Weights weights, Config config) {
    int vocabulary = config.shape().vocabSize();
    int h = config.shape().dModel();
    int padding = config.padTokenId();
    this.weights = weights;
    this.config = config;
    this.words =
        config.shape().tieWordEmbeddings()
            ? TiedEmbeddings.tied(
                weights, SHARED, vocabulary, h, padding, OUTPUT, DECODER + WORDS, ENCODER + WORDS)
            : TiedEmbeddings.apart(weights, vocabulary, h, padding);
  }

  /** BartForConditionalGeneration: a score for each word after every token of the target. */
  private static EncoderDecoder conditionalGeneration(
      ModelConfig json, Weights weights, int labels) {
    Bart bart = new Bart(weights, Config.of(json));
    int vocabulary = bart.config.shape().vocabSize();
    return bart.model(PostNormDecoder.Output.of(weights, bart.words.output(OUTPUT), vocabulary));
  }

  /**
   * BartForSequenceClassification: the decoder goes over the text, too, and its state at the last
   * end token becomes a score for each label.
   */
  private static SequenceClassifier sequenceClassifier(
      ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    SequenceToSequence model = new Bart(weights, config).model(null);
    int h = config.shape().dModel();
    Linear dense = new Linear(weights, "classification_head.dense", h, h);
    Linear output = new Linear(weights, "classification_head.out_proj", h, labels);
    TeacherForcing forcing = TeacherForcing.of(json);
    long end = json.intOr("eos_token_id", 2);
    double dropout = json.probabilityOr("classifier_dropout", 0);
    return (forward, batch) -> {
      Tensor ends = ends(batch, end, weights);
      Tensor states = model.states(forward, batch, forcing.inputs(batch)); // [b, s, h]
      Tensor text = states.flatten(0, 1).index_select(0, ends); // [b, h]
      Tensor wide = torch.tanh(dense.apply(forward, forward.dropout(text, dropout)));
      return output.apply(forward, forward.dropout(wide, dropout)); // [b, labels]
    };
  }

  /** Where each row's last end token stands in all rows together: [b] */
  private static Tensor ends(TokenBatch batch, long end, Weights weights) {
    long[] places =
        LongStream.range(0, batch.rows())
            .map(
                row -> {
                  long at = (row + 1) * batch.length() - 1;
                  while (at >= row * batch.length()
                      && (batch.ids()[(int) at] != end || !batch.real()[(int) at])) {
                    at--;
                  }
                  if (at < row * batch.length()) {
                    throw new IllegalArgumentException(
                        "text %d has no end token, which is %d".formatted(row, end));
                  }
                  return at;
                })
            .toArray();
    return Tensors.of(places, weights.device(), places.length);
  }

  private SequenceToSequence model(PostNormDecoder.@Nullable Output output) {
    PostNormConfig shape = config.shape();
    int vocabulary = shape.vocabSize();
    return new SequenceToSequence(
        new PostNormEncoder(weights, shape, vocabulary, embedder(ENCODER)),
        new PostNormDecoder(weights, shape, vocabulary, embedder(DECODER), output));
  }

  private TokenEmbedder embedder(String half) {
    PostNormConfig shape = config.shape();
    Embedding table = words.embedding(half + WORDS);
    Embedding positions =
        new Embedding(
            weights,
            half + "embed_positions",
            shape.maxPositionEmbeddings() + UNUSED_POSITIONS,
            shape.dModel(),
            Embedding.NO_PADDING);
    LayerNorm norm = PostNormDecoder.norm(weights, half + "layernorm_embedding", shape.encoder());
    return (forward, ids, places) -> {
      Tensor scaled = table.apply(ids).mul(new Scalar(shape.scale()));
      Tensor learned = positions.apply(places.add(new Scalar(UNUSED_POSITIONS)));
      return forward.dropout(norm.apply(scaled.add(learned)), shape.dropout()); // [b, s, h]
    };
  }

  /** config.json, field by field; what is not implemented is refused by name. */
  record Config(PostNormConfig shape, int padTokenId) {

    static Config of(ModelConfig json) {
      Variants.requireFlag(json, "normalize_embedding", true);
      Variants.requireFlag(json, "static_position_embeddings", false);
      PostNormConfig shape = PostNormConfig.of(json);
      return new Config(
          shape, json.has("pad_token_id") ? Embedding.padding(json, shape.vocabSize()) : 1);
    }
  }

  /** Names of the reference's checkpoints, with or without a task's head. */
  private static final class Names implements WeightNames {

    @Override
    public String canonical(String name, Set<String> all) {
      boolean bare = all.stream().noneMatch(other -> other.startsWith("model."));
      boolean inside =
          name.startsWith("shared.") || name.startsWith("encoder.") || name.startsWith("decoder.");
      return bare && inside ? "model." + name : name;
    }

    @Override
    public boolean ignorable(String name) {
      return name.equals("model.encoder.version")
          || name.equals("model.decoder.version")
          || name.equals(SHARED + ".weight") // Where it is there although nothing shares it.
          || name.equals(OUTPUT + ".weight")
          || name.equals("final_logits_bias")
          || name.startsWith("classification_head.")
          || name.startsWith("qa_outputs.");
    }
  }
}
