package io.slipway.hub.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.slipway.hub.LargeFilePointer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The hashes under which the Hub knows a file.
 *
 * @param gitBlob SHA-1 of the git object with the content itself
 */
record Hashes(String sha256, String gitBlob) {

  static Hashes of(Path file) throws IOException {
    MessageDigest sha256 = digest("SHA-256");
    MessageDigest git = digest("SHA-1");
    git.update(gitHeader(Files.size(file)));
    byte[] buffer = new byte[128 * 1024];
    try (InputStream content = Files.newInputStream(file)) {
      for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
        sha256.update(buffer, 0, read);
        git.update(buffer, 0, read);
      }
    }
    return new Hashes(hex(sha256), hex(git));
  }

  /** SHA-1 of the git object that stands for a large file. */
  String gitPointer(long sizeBytes) {
    byte[] pointer = LargeFilePointer.of(sha256, sizeBytes);
    MessageDigest git = digest("SHA-1");
    git.update(gitHeader(pointer.length));
    git.update(pointer);
    return hex(git);
  }

  static String sha1(byte[] content) {
    MessageDigest sha1 = digest("SHA-1");
    sha1.update(content);
    return hex(sha1);
  }

  private static byte[] gitHeader(long sizeBytes) {
    return ("blob " + sizeBytes + "\0").getBytes(US_ASCII);
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has " + algorithm, e);
    }
  }
}
