package io.slipway.artifacts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of some content, which is also the key of its blob.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) implements Comparable<Digest> {

  private static final int HEX_DIGITS = 64;

  public Digest {
    if (hex.length() != HEX_DIGITS || !hex.chars().allMatch(Digest::isLowerCaseHex)) {
      throw new IllegalArgumentException(
          "'" + hex + "' is not a SHA-256: expected 64 lower-case hexadecimal digits");
    }
  }

  /** The digest with the given hexadecimal digits. */
  public static Digest of(String hex) {
    return new Digest(hex);
  }

  /** The digest of {@code content}. */
  public static Digest ofContent(byte[] content) {
    return ofBytes(sha256().digest(content));
  }

  /** The digest of {@code text} in UTF-8. */
  public static Digest ofText(String text) {
    return ofContent(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads {@code content} to its end, without closing it, and returns its digest. */
  public static Digest ofContent(InputStream content) throws IOException {
    MessageDigest hash = sha256();
    byte[] buffer = new byte[64 * 1024];
    for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
      hash.update(buffer, 0, read);
    }
    return ofBytes(hash.digest());
  }

  static Digest ofBytes(byte[] sha256) {
    return new Digest(HexFormat.of().formatHex(sha256));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private static boolean isLowerCaseHex(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }

  @Override
  public int compareTo(Digest other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
