package io.slipway.models.architecture;

import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Token sequences of unequal length, padded on the right to the longest.
 *
 * @param ids [rows * length], row-major; so are the others
 * @param real false where there is only padding
 */
@SuppressWarnings("ArrayRecordComponent")
public record TokenBatch(int rows, int length, long[] ids, long[] typeIds, boolean[] real) {

  /**
   * Pads texts to a batch.
   *
   * @param padding the id to fill with; the model does not look at it
   * @throws IllegalArgumentException when there is no text, or one without any token
   */
  public static TokenBatch of(List<TokenizedText> texts, long padding) {
    int length = texts.stream().mapToInt(TokenizedText::length).max().orElse(0);
    if (texts.stream().anyMatch(text -> text.length() == 0) || length == 0) {
      throw new IllegalArgumentException(
          "a batch needs at least one text, and each at least one token");
    }
    int size = Math.multiplyExact(texts.size(), length);
    long[] ids = new long[size];
    long[] typeIds = new long[size];
    boolean[] real = new boolean[size];
    Arrays.fill(ids, padding);
    int at = 0;
    for (TokenizedText text : texts) {
      System.arraycopy(text.ids(), 0, ids, at, text.length());
      System.arraycopy(text.typeIds(), 0, typeIds, at, text.length());
      Arrays.fill(real, at, at + text.length(), true);
      at += length;
    }
    return new TokenBatch(texts.size(), length, ids, typeIds, real);
  }

  /**
   * Refuses what a model's tables do not have, before it becomes an error without a name.
   *
   * @throws IllegalArgumentException naming the id or length and the limit
   */
  public void check(long vocabulary, long positions) {
    if (length > positions) {
      throw new IllegalArgumentException(
          "a sequence of %d tokens, but the model has %d positions".formatted(length, positions));
    }
    for (long id : ids) {
      if (id < 0 || id >= vocabulary) {
        throw new IllegalArgumentException(
            "token id %d, but the model's vocabulary has %d: the tokenizer does not fit it"
                .formatted(id, vocabulary));
      }
    }
  }

  /** Some of the rows, as long as they are here. */
  public TokenBatch part(int first, int count) {
    int from = first * length;
    int end = from + count * length;
    return new TokenBatch(
        count,
        length,
        Arrays.copyOfRange(ids, from, end),
        Arrays.copyOfRange(typeIds, from, end),
        Arrays.copyOfRange(real, from, end));
  }

  /** How many tokens of each row are not padding. */
  public int[] lengths() {
    int[] lengths = new int[rows];
    for (int i = 0; i < real.length; i++) {
      lengths[i / length] += real[i] ? 1 : 0;
    }
    return lengths;
  }

  /** [rows, length] */
  public Tensor ids(ComputeDevice device) {
    return Tensors.of(ids, device, rows, length);
  }

  /** [rows, length] */
  public Tensor typeIds(ComputeDevice device) {
    return Tensors.of(typeIds, device, rows, length);
  }

  /** Which keys attention may see: [rows, 1, 1, length], or null when nothing is padded. */
  public @Nullable Tensor visibleKeys(ComputeDevice device) {
    for (boolean token : real) {
      if (!token) {
        return Tensors.of(real, device, rows, 1, 1, length);
      }
    }
    return null;
  }
}
