package io.slipway.models.architecture.seq2seq;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.EncoderDecoder;
import io.slipway.models.architecture.Family;
import io.slipway.models.architecture.Head;
import io.slipway.models.layers.Embedding;
import io.slipway.models.layers.WeightNames;
import io.slipway.models.layers.Weights;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import java.util.Set;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Marian, as the OPUS-MT translators use it: an encoder-decoder with sinusoidal positions, whose
 * languages may have a vocabulary each.
 *
 * <p>Shapes: b rows, s source tokens, t target tokens, h features ({@code d_model}). Weight names
 * are the reference's.
 *
 * @see <a href="https://arxiv.org/abs/1804.00344">Junczys-Dowmunt et al. 2018</a>
 */
public final class Marian {

  public static final Family FAMILY =
      Family.of("marian", new Names()).head(Head.SEQ2SEQ_LM, Marian::translator, "MarianMTModel");

  private static final String SHARED = "model.shared";
  private static final String ENCODER = "model.encoder.";
  private static final String DECODER = "model.decoder.";
  private static final String WORDS = "embed_tokens";
  private static final String OUTPUT = "lm_head";

  private Marian() {}

  /** MarianMTModel: a score for each word after every token of the target. */
  private static EncoderDecoder translator(ModelConfig json, Weights weights, int labels) {
    Config config = Config.of(json);
    PostNormConfig shape = config.shape();
    int target = config.decoderVocabSize();
    TiedEmbeddings decoderWords = decoderWords(config, weights);
    TiedEmbeddings encoderWords =
        config.shareEncoderDecoderEmbeddings()
            ? decoderWords
            : TiedEmbeddings.apart(weights, shape.vocabSize(), shape.dModel(), config.padTokenId());
    PostNormEncoder encoder =
        new PostNormEncoder(
            weights, shape, shape.vocabSize(), embedder(weights, shape, ENCODER, encoderWords));
    PostNormDecoder decoder =
        new PostNormDecoder(
            weights,
            shape,
            target,
            embedder(weights, shape, DECODER, decoderWords),
            PostNormDecoder.Output.of(weights, decoderWords.output(OUTPUT), target));
    return new SequenceToSequence(encoder, decoder);
  }

  /** What the decoder's words and the output layer share, and the encoder's words maybe too. */
  private static TiedEmbeddings decoderWords(Config config, Weights weights) {
    int rows = config.decoderVocabSize();
    int h = config.shape().dModel();
    int padding = config.padTokenId();
    if (!config.shape().tieWordEmbeddings()) {
      return TiedEmbeddings.apart(weights, rows, h, padding);
    }
    return config.shareEncoderDecoderEmbeddings()
        ? TiedEmbeddings.tied(
            weights, SHARED, rows, h, padding, OUTPUT, DECODER + WORDS, ENCODER + WORDS)
        : TiedEmbeddings.tied(weights, DECODER + WORDS, rows, h, padding, OUTPUT);
  }

  private static TokenEmbedder embedder(
      Weights weights, PostNormConfig shape, String half, TiedEmbeddings words) {
    Embedding table = words.embedding(half + WORDS);
    int rows = shape.maxPositionEmbeddings();
    int h = shape.dModel();
    Tensor sinusoids =
        weights.buffer(half + "embed_positions.weight", () -> sinusoids(rows, h), rows, h);
    return (forward, ids, places) -> {
      Tensor scaled = table.apply(ids).mul(new Scalar(shape.scale()));
      Tensor fixed = torch.embedding(sinusoids, places).to(scaled.scalar_type());
      return forward.dropout(scaled.add(fixed), shape.dropout()); // [b, s, h]
    };
  }

  /**
   * A row for each position: sines of falling frequencies, then the cosines of the same. Most
   * checkpoints leave it out.
   */
  private static Tensor sinusoids(int rows, int size) {
    int sines = Math.ceilDiv(size, 2);
    float[] values = new float[rows * size];
    for (int position = 0; position < rows; position++) {
      for (int i = 0; i < sines; i++) {
        double angle = position / Math.pow(10000, 2.0 * i / size);
        values[position * size + i] = (float) Math.sin(angle);
        if (sines + i < size) {
          values[position * size + sines + i] = (float) Math.cos(angle);
        }
      }
    }
    return Tensors.of(values, ComputeDevice.CPU, rows, size);
  }

  /** config.json, field by field; what is not implemented is refused by name. */
  record Config(
      PostNormConfig shape,
      int decoderVocabSize,
      boolean shareEncoderDecoderEmbeddings,
      int padTokenId) {

    static Config of(ModelConfig json) {
      Variants.requireFlag(json, "normalize_embedding", false);
      Variants.requireFlag(json, "static_position_embeddings", true);
      PostNormConfig shape = PostNormConfig.of(json);
      int target =
          json.has("decoder_vocab_size")
              ? json.requirePositiveInt("decoder_vocab_size")
              : shape.vocabSize();
      boolean shared = json.booleanOr("share_encoder_decoder_embeddings", true);
      if (shared && target != shape.vocabSize()) {
        throw json.malformed(
            "decoder_vocab_size",
            "is %d, but the embeddings are shared with the encoder's vocabulary of %d"
                .formatted(target, shape.vocabSize()));
      }
      int padding = Embedding.padding(json, Math.min(target, shape.vocabSize()));
      return new Config(shape, target, shared, padding);
    }
  }

  /** Names of the reference's checkpoints, with or without the output layer. */
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
      return name.equals(SHARED + ".weight"); // Where it is there although nothing shares it.
    }
  }
}
