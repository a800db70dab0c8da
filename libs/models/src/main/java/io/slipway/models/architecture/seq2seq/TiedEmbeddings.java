package io.slipway.models.architecture.seq2seq;

import io.slipway.models.layers.Embedding;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Weights;
import org.jspecify.annotations.Nullable;

/**
 * The table that a model's parts share: the encoder's and the decoder's embeddings and the output
 * layer. As the reference ties them: a part for which the checkpoint has other values keeps its
 * own, and where the shared table is missing, the first part that is there stands in for it.
 */
final class TiedEmbeddings {

  private final Weights weights;
  private final String name;
  private final int rows;
  private final int size;
  private final int padding;
  private final @Nullable Embedding shared;

  private TiedEmbeddings(
      Weights weights, String name, int rows, int size, int padding, @Nullable Embedding shared) {
    this.weights = weights;
    this.name = name;
    this.rows = rows;
    this.size = size;
    this.padding = padding;
    this.shared = shared;
  }

  /**
   * Takes the shared table, {@code name.weight} [rows, size].
   *
   * @param padding see {@link Embedding}
   * @param parts that may hold it too, in the order in which they stand in for it
   */
  static TiedEmbeddings tied(
      Weights weights, String name, int rows, int size, int padding, String... parts) {
    for (String part : parts) {
      weights.standIn(part + ".weight", name + ".weight");
    }
    Embedding shared = new Embedding(weights, name, rows, size, padding);
    return new TiedEmbeddings(weights, name, rows, size, padding, shared);
  }

  /** Each part has a table of its own. */
  static TiedEmbeddings apart(Weights weights, int rows, int size, int padding) {
    return new TiedEmbeddings(weights, "", rows, size, padding, null);
  }

  /** The embeddings of a part. */
  Embedding embedding(String part) {
    if (shared == null || differs(part)) {
      return new Embedding(weights, part, rows, size, padding);
    }
    weights.duplicate(part + ".weight");
    return shared;
  }

  /** The output layer: features to a score for each row of the table. */
  Linear output(String part) {
    return shared == null || differs(part)
        ? new Linear(weights, part, size, rows, false)
        : Linear.tied(weights, part, shared, null);
  }

  private boolean differs(String part) {
    return weights.differ(part + ".weight", name + ".weight");
  }
}
