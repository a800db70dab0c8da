package io.slipway.hub;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** The hash that a file's content must have. */
sealed interface Checksum {

  String hex();

  /** A hash to which the content is still to be added. */
  MessageDigest begin(long sizeBytes);

  /** Of a large file: the SHA-256 of the content. */
  record Sha256(String hex) implements Checksum {
    @Override
    public MessageDigest begin(long sizeBytes) {
      return digest("SHA-256");
    }
  }

  /** Of any other: the SHA-1 of the git object, which is a header with the size and the content. */
  record GitBlob(String hex) implements Checksum {
    @Override
    public MessageDigest begin(long sizeBytes) {
      MessageDigest hash = digest("SHA-1");
      hash.update(("blob " + sizeBytes + "\0").getBytes(US_ASCII));
      return hash;
    }
  }

  static Optional<Checksum> of(RepositoryFile file) {
    if (file.sha256() != null) {
      return Optional.of(new Sha256(file.sha256()));
    }
    return Optional.ofNullable(file.gitOid()).map(GitBlob::new);
  }

  static Optional<Checksum> ofEtag(String etag) {
    if (etag.matches("[0-9a-f]{64}")) {
      return Optional.of(new Sha256(etag));
    }
    return etag.matches("[0-9a-f]{40}") ? Optional.of(new GitBlob(etag)) : Optional.empty();
  }

  static String finish(MessageDigest hash) {
    return HexFormat.of().formatHex(hash.digest());
  }

  static void addAll(MessageDigest hash, InputStream content) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
      hash.update(buffer, 0, read);
    }
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has " + algorithm, e);
    }
  }
}
