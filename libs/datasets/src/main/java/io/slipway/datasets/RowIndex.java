package io.slipway.datasets;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a split needs to know of each row: a 64-bit key of its text, and its label by number. */
final class RowIndex {

  private final MessageDigest hash = sha256();
  private final Map<String, Integer> labelNumbers = new HashMap<>();
  private final List<String> labels = new ArrayList<>();
  private long[] textKeys = new long[1024];
  private int[] rowLabels = new int[1024];
  private int size;

  void add(String identity, String stratum) {
    if (size == textKeys.length) {
      textKeys = Arrays.copyOf(textKeys, size * 2);
      rowLabels = Arrays.copyOf(rowLabels, size * 2);
    }
    textKeys[size] = textKey(identity);
    rowLabels[size] = labelNumbers.computeIfAbsent(stratum, this::newLabel);
    size++;
  }

  private int newLabel(String label) {
    labels.add(label);
    return labels.size() - 1;
  }

  RowIndex finish() {
    textKeys = Arrays.copyOf(textKeys, size);
    rowLabels = Arrays.copyOf(rowLabels, size);
    return this;
  }

  /** Equal for texts that differ only in case and white space; a chance collision does no harm. */
  private long textKey(String text) {
    String plain = text.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    byte[] digest = hash.digest(plain.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(digest).getLong();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  long[] textKeys() {
    return textKeys;
  }

  /** For each row the position of its label in {@link #labels()}. */
  int[] rowLabels() {
    return rowLabels;
  }

  /** In order of first appearance. */
  List<String> labels() {
    return labels;
  }
}
