package io.slipway.models.architecture.encoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.layers.Embedding;
import io.slipway.models.layers.Weights;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** A token's word, type and position, added up; an architecture may lack the latter two. */
final class TokenEmbeddings {

  /** For {@link Tables#positionPadding} when positions are counted from zero. */
  static final int FROM_ZERO = -1;

  /**
   * Sizes of the tables.
   *
   * @param size features of each
   * @param padTokenId word that gets no gradient, or {@link Embedding#NO_PADDING}
   * @param typeVocabSize 0 when there are no types
   * @param maxPositionEmbeddings rows of the table of positions, or where there is none the length
   *     that the model was made for
   * @param positioned whether there is a table of positions
   * @param positionPadding word whose position is its own id and is not counted, while the others
   *     are counted from the next row on, or {@link #FROM_ZERO}
   */
  record Tables(
      int vocabSize,
      int size,
      int padTokenId,
      int typeVocabSize,
      int maxPositionEmbeddings,
      boolean positioned,
      int positionPadding) {

    /** Words, types and as many positions, counted from zero. */
    static Tables fromZero(int vocabSize, int size, int padTokenId, int types, int positions) {
      return new Tables(vocabSize, size, padTokenId, types, positions, true, FROM_ZERO);
    }

    /**
     * Words, types, and positions that are counted from behind the padding's id, as in fairseq.
     *
     * @throws io.slipway.modelfiles.ModelFilesException when {@code max_position_embeddings} leaves
     *     no position for a token
     */
    static Tables afterPadding(
        ModelConfig json, int vocabSize, int size, int padTokenId, int types) {
      int positions = json.requirePositiveInt("max_position_embeddings");
      if (positions <= padTokenId + 1) {
        throw json.malformed(
            "max_position_embeddings",
            "is %d, but positions are counted from %d on".formatted(positions, padTokenId + 1));
      }
      return new Tables(vocabSize, size, padTokenId, types, positions, true, padTokenId);
    }

    /** Tokens that a sequence may have. */
    int longest() {
      return maxPositionEmbeddings - positionPadding - 1;
    }
  }

  private final Tables tables;
  private final ComputeDevice device;
  private final Embedding words;
  private final @Nullable Embedding types;
  private final @Nullable Embedding positions;

  /** Takes {@code word_embeddings} and its likes after a prefix. */
  TokenEmbeddings(Weights weights, String prefix, Tables tables) {
    int size = tables.size();
    this.tables = tables;
    this.device = weights.device();
    this.words =
        new Embedding(
            weights, prefix + "word_embeddings", tables.vocabSize(), size, tables.padTokenId());
    this.positions =
        tables.positioned()
            ? new Embedding(
                weights,
                prefix + "position_embeddings",
                tables.maxPositionEmbeddings(),
                size,
                tables.positionPadding())
            : null;
    this.types =
        tables.typeVocabSize() > 0
            ? new Embedding(
                weights,
                prefix + "token_type_embeddings",
                tables.typeVocabSize(),
                size,
                Embedding.NO_PADDING)
            : null;
  }

  Tables tables() {
    return tables;
  }

  Embedding words() {
    return words;
  }

  /**
   * Looks tokens up.
   *
   * @return [rows, length, size]
   * @throws IllegalArgumentException when the tables lack an id, a type or a position
   */
  Tensor apply(TokenBatch batch) {
    batch.check(tables.vocabSize(), tables.longest());
    Tensor sum = words.apply(batch.ids(device));
    if (types != null) {
      sum.add_(typesOf(batch, types));
    }
    if (positions != null) {
      sum.add_(positionsOf(batch, positions));
    }
    return sum;
  }

  /** [1, size] when all are of the first type, else [rows, length, size] */
  private Tensor typesOf(TokenBatch batch, Embedding table) {
    long highest = Arrays.stream(batch.typeIds()).max().orElse(0);
    if (highest == 0 || tables.typeVocabSize() == 1) {
      return table.rows(0, 1);
    }
    if (highest >= tables.typeVocabSize()) {
      throw new IllegalArgumentException(
          "token type %d, but the model has %d types".formatted(highest, tables.typeVocabSize()));
    }
    return table.apply(batch.typeIds(device));
  }

  /** [length, size] when all rows have the same positions, else [rows, length, size] */
  private Tensor positionsOf(TokenBatch batch, Embedding table) {
    int padding = tables.positionPadding();
    long[] ids = batch.ids();
    if (Arrays.stream(ids).noneMatch(id -> id == padding)) {
      return table.rows(padding + 1, batch.length());
    }
    long[] places = new long[ids.length];
    for (int row = 0; row < batch.rows(); row++) {
      int place = padding;
      for (int i = row * batch.length(); i < (row + 1) * batch.length(); i++) {
        places[i] = ids[i] == padding ? padding : ++place;
      }
    }
    return table.apply(Tensors.of(places, device, batch.rows(), batch.length()));
  }
}
