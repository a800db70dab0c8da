package io.slipway.artifacts;

import io.slipway.artifacts.ArtifactStoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** Content on its way into the store: a file that nobody else knows, hashed while it is written. */
final class TemporaryBlob implements AutoCloseable {

  private static final int BUFFER_BYTES = 256 * 1024;

  private final Path file;
  private final FileChannel channel;
  private final MessageDigest hash = Digest.sha256();
  private long length;

  TemporaryBlob(Path file) throws IOException {
    this.file = file;
    this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** Copies all of {@code content}; refuses the first byte past {@code maxBytes}. */
  StoredBlob copy(InputStream content, long maxBytes) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = next(content, buffer); read >= 0; read = next(content, buffer)) {
      length += read;
      if (length > maxBytes) {
        throw new ArtifactStoreException(
            Kind.TOO_LARGE, "The content is larger than the limit of " + maxBytes + " bytes");
      }
      hash.update(buffer, 0, read);
      writeFully(channel, ByteBuffer.wrap(buffer, 0, read));
    }
    channel.force(true);
    return new StoredBlob(Digest.ofBytes(hash.digest()), length);
  }

  private int next(InputStream content, byte[] buffer) {
    try {
      return content.read(buffer);
    } catch (IOException e) {
      throw new ArtifactStoreException(
          Kind.SOURCE_FAILED,
          "The content could not be read after " + length + " bytes: " + e.getMessage(),
          e);
    }
  }

  static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  Path file() {
    return file;
  }

  /** Removes the file unless it was published. */
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(file);
  }
}
