package io.slipway.models.architecture;

import io.slipway.modelfiles.ModelConfig;
import java.util.Arrays;
import java.util.List;

/**
 * How an encoder-decoder is shown a target while it learns it: moved one place to the right behind
 * the decoder's start token, so that each token's label is the one after it.
 */
public record TeacherForcing(long decoderStartTokenId, long padTokenId) {

  /** A label that does not count. */
  public static final long IGNORED = -100;

  /**
   * What a configuration asks for.
   *
   * @throws io.slipway.modelfiles.ModelFilesException when it names no start token or padding
   */
  public static TeacherForcing of(ModelConfig config) {
    return new TeacherForcing(
        config.requireInt("decoder_start_token_id"), config.requireInt("pad_token_id"));
  }

  /**
   * The decoder's input for labels.
   *
   * @param labels of each row, up to and with the end token; {@link #IGNORED} ones are shown as
   *     padding
   * @throws IllegalArgumentException when there is no row, or one without a label
   */
  public TokenBatch inputs(List<long[]> labels) {
    int length = labels.stream().mapToInt(row -> row.length).max().orElse(0);
    if (length == 0 || labels.stream().anyMatch(row -> row.length == 0)) {
      throw new IllegalArgumentException("a batch needs at least one row, each with a label");
    }
    long[] ids = new long[Math.multiplyExact(labels.size(), length)];
    boolean[] real = new boolean[ids.length];
    Arrays.fill(ids, padTokenId);
    int at = 0;
    for (long[] row : labels) {
      ids[at] = decoderStartTokenId;
      for (int i = 1; i < row.length; i++) {
        ids[at + i] = row[i - 1] == IGNORED ? padTokenId : row[i - 1];
      }
      Arrays.fill(real, at, at + row.length, true);
      at += length;
    }
    return new TokenBatch(labels.size(), length, ids, new long[ids.length], real);
  }

  /** The decoder's input where a text is its own target: as long as the text and its padding. */
  public TokenBatch inputs(TokenBatch text) {
    long[][] rows = new long[text.rows()][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = Arrays.copyOfRange(text.ids(), row * text.length(), (row + 1) * text.length());
    }
    return inputs(List.of(rows));
  }

  /**
   * Labels as long as the decoder's input, row-major: {@link #IGNORED} where a row has ended.
   *
   * @param labels as for {@link #inputs(List)}
   */
  public static long[] padded(List<long[]> labels) {
    int length = labels.stream().mapToInt(row -> row.length).max().orElse(0);
    long[] padded = new long[Math.multiplyExact(labels.size(), length)];
    Arrays.fill(padded, IGNORED);
    for (int row = 0; row < labels.size(); row++) {
      System.arraycopy(labels.get(row), 0, padded, row * length, labels.get(row).length);
    }
    return padded;
  }
}
