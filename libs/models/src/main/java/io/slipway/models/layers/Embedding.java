package io.slipway.models.layers;

import io.slipway.modelfiles.ModelConfig;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A table with a row for each id. */
public final class Embedding {

  /** For tables in which every row is trained. */
  public static final int NO_PADDING = -1;

  private final String name;
  private final Tensor weight;
  private final long padding;
  private final ScalarType type;

  /**
   * Takes {@code name.weight} [rows, size].
   *
   * @param padding the row that gets no gradient, or {@link #NO_PADDING}
   */
  public Embedding(Weights weights, String name, long rows, long size, int padding) {
    this.name = name + ".weight";
    this.weight = weights.parameter(this.name, Role.MATRIX, rows, size);
    this.padding = padding;
    this.type = weights.activations();
  }

  /**
   * The row of a configuration's {@code pad_token_id}, or {@link #NO_PADDING}.
   *
   * @throws io.slipway.modelfiles.ModelFilesException when the vocabulary has no such row
   */
  public static int padding(ModelConfig config, int vocabulary) {
    return padding(config, vocabulary, NO_PADDING);
  }

  /**
   * The row of a configuration's {@code pad_token_id}.
   *
   * @param absent where it has none
   * @throws io.slipway.modelfiles.ModelFilesException when the vocabulary has no such row
   */
  public static int padding(ModelConfig config, int vocabulary, int absent) {
    int padding = config.intOr("pad_token_id", absent);
    if (padding >= vocabulary || padding < NO_PADDING) {
      throw config.malformed(
          "pad_token_id", "is %d, outside the vocabulary of %d".formatted(padding, vocabulary));
    }
    return padding;
  }

  /** Name of the weight in the reference. */
  public String name() {
    return name;
  }

  /** The whole table, as it is stored: [rows, size] */
  public Tensor weight() {
    return weight;
  }

  /** Ids [...] to rows [..., size] */
  public Tensor apply(Tensor ids) {
    return torch.embedding(weight, ids, padding, false, false).to(type);
  }

  /** The first rows, for positions that are counted from zero: [count, size] */
  public Tensor first(long count) {
    return rows(0, count);
  }

  /** Rows that follow one another: [count, size] */
  public Tensor rows(long from, long count) {
    return weight.slice(0, new LongOptional(from), new LongOptional(from + count), 1).to(type);
  }
}
