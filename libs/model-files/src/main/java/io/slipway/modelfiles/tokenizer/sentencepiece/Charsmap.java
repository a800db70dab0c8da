package io.slipway.modelfiles.tokenizer.sentencepiece;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The table by which SentencePiece replaces characters: a trie of UTF-8 strings, as a double array
 * (darts-clone), whose leaves are offsets of their replacements. Format: size of the trie in bytes
 * (32 bits, little-endian), the trie's units (32 bits each), then the replacements, each ended by a
 * zero byte (sentencepiece/src/normalizer.cc, DecodePrecompiledCharsMap).
 */
public final class Charsmap {

  /**
   * What stands for a prefix of a text.
   *
   * @param length bytes of the prefix
   */
  record Match(int length, byte[] replacement) {}

  private final int[] units;
  private final byte[] replacements;

  private Charsmap(int[] units, byte[] replacements) {
    this.units = units;
    this.replacements = replacements;
  }

  /**
   * Reads a table and makes sure that no text can lead out of it.
   *
   * @throws IllegalArgumentException when it is malformed
   */
  public static Charsmap parse(byte[] blob) {
    ByteBuffer buffer = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
    long size = blob.length < 4 ? -1 : Integer.toUnsignedLong(buffer.getInt());
    if (size < 4 || size % 4 != 0 || size > buffer.remaining()) {
      throw new IllegalArgumentException(
          "%d bytes do not hold a trie of %d".formatted(blob.length, size));
    }
    int[] units = new int[(int) size / 4];
    buffer.asIntBuffer().get(units);
    byte[] replacements = Arrays.copyOfRange(blob, 4 + (int) size, blob.length);
    Charsmap charsmap = new Charsmap(units, replacements);
    charsmap.checkReplacements();
    charsmap.checkTrie();
    return charsmap;
  }

  private void checkReplacements() {
    try {
      var unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(replacements));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("the replacements are not UTF-8", e);
    }
  }

  /** Goes to every node that some text leads to. */
  private void checkTrie() {
    BitSet seen = new BitSet();
    Deque<Integer> open = new ArrayDeque<>();
    open.add(offset(units[0]));
    while (!open.isEmpty()) {
      int base = open.remove();
      if (seen.get(base)) {
        continue;
      }
      seen.set(base);
      if ((base | 0xff) >= units.length) {
        throw new IllegalArgumentException(
            "the trie leads to unit %d of %d".formatted(base | 0xff, units.length));
      }
      for (int label = 1; label < 256; label++) {
        int unit = units[base ^ label];
        if (label(unit) == label) {
          int next = (base ^ label) ^ offset(unit);
          checkLeaf(unit, next);
          open.add(next);
        }
      }
    }
  }

  private void checkLeaf(int unit, int next) {
    if (!hasLeaf(unit)) {
      return;
    }
    int value = next < units.length ? value(units[next]) : Integer.MAX_VALUE;
    if (value > replacements.length
        || (value < replacements.length && (replacements[value] & 0xc0) == 0x80)) {
      throw new IllegalArgumentException(
          "a leaf of the trie points to byte %d of %d".formatted(value, replacements.length));
    }
  }

  /** The longest prefix of a text that is replaced; null when none is. */
  @Nullable Match longestPrefix(byte[] text, int from) {
    Match longest = null;
    int at = offset(units[0]);
    for (int i = from; i < text.length && text[i] != 0; i++) {
      int label = text[i] & 0xff;
      int unit = units[at ^ label];
      if (label(unit) != label) {
        break;
      }
      at = (at ^ label) ^ offset(unit);
      if (hasLeaf(unit)) {
        int start = value(units[at]);
        int end = start;
        while (end < replacements.length && replacements[end] != 0) {
          end++;
        }
        longest = new Match(i + 1 - from, Arrays.copyOfRange(replacements, start, end));
      }
    }
    return longest;
  }

  private static boolean hasLeaf(int unit) {
    return (unit >>> 8 & 1) == 1;
  }

  private static int value(int unit) {
    return unit & 0x7fffffff;
  }

  private static int label(int unit) {
    return unit & 0x800000ff;
  }

  private static int offset(int unit) {
    return (unit >>> 10) << ((unit & 1 << 9) >>> 6);
  }
}
