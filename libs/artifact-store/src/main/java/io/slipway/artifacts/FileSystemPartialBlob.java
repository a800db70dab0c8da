package io.slipway.artifacts;

import io.slipway.artifacts.ArtifactStoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** A growing file and the hash of what it holds; owns the channel and the lock. */
final class FileSystemPartialBlob implements PartialBlob {

  private final Path file;
  private final Digest expected;
  private final BlobDirectory blobs;
  private final FileLock lock;
  private final FileChannel channel;
  private final MessageDigest hash = Digest.sha256();
  private long length;

  private FileSystemPartialBlob(
      Path file, Digest expected, BlobDirectory blobs, FileLock lock, FileChannel channel) {
    this.file = file;
    this.expected = expected;
    this.blobs = blobs;
    this.lock = lock;
    this.channel = channel;
  }

  /** Opens {@code file}, which {@code lock} protects, and hashes what is already there. */
  static FileSystemPartialBlob open(Path file, Digest expected, BlobDirectory blobs, FileLock lock)
      throws IOException {
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      var partial = new FileSystemPartialBlob(file, expected, blobs, lock, channel);
      partial.readExisting();
      return partial;
    } catch (IOException e) {
      lock.release();
      throw e;
    }
  }

  private void readExisting() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(256 * 1024);
    while (channel.read(buffer) >= 0) {
      length += buffer.position();
      hash.update(buffer.flip());
      buffer.clear();
    }
  }

  @Override
  public Digest expected() {
    return expected;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public InputStream read() {
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw ArtifactStoreException.storeFailed("reading a part of blob " + expected, e);
    }
  }

  @Override
  public void append(byte[] bytes, int offset, int count) {
    try {
      TemporaryBlob.writeFully(channel, ByteBuffer.wrap(bytes, offset, count));
      hash.update(bytes, offset, count);
      length += count;
    } catch (IOException e) {
      cutBackTo(length, e);
      throw ArtifactStoreException.storeFailed("appending to blob " + expected, e);
    }
  }

  /** A write that failed half way must not leave bytes that {@link #length()} does not count. */
  private void cutBackTo(long end, IOException cause) {
    try {
      channel.truncate(end);
      channel.position(end);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void restart() {
    try {
      channel.truncate(0);
      channel.position(0);
      hash.reset();
      length = 0;
    } catch (IOException e) {
      throw ArtifactStoreException.storeFailed("restarting blob " + expected, e);
    }
  }

  @Override
  public StoredBlob complete() {
    Digest actual = Digest.ofBytes(hash.digest());
    if (!actual.equals(expected)) {
      discard();
      throw new ArtifactStoreException(
          Kind.DIGEST_MISMATCH,
          "The %d bytes that arrived have SHA-256 %s, expected %s"
              .formatted(length, actual, expected));
    }
    try {
      channel.force(true);
      StoredBlob blob = new StoredBlob(expected, length);
      blobs.publish(file, blob);
      return blob;
    } catch (IOException e) {
      throw ArtifactStoreException.storeFailed("publishing blob " + expected, e);
    } finally {
      close();
    }
  }

  @Override
  public void discard() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw ArtifactStoreException.storeFailed("discarding a part of blob " + expected, e);
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    if (!channel.isOpen()) {
      return;
    }
    try (FileChannel closing = channel) {
      closing.force(true);
    } catch (IOException e) {
      throw ArtifactStoreException.storeFailed("closing a part of blob " + expected, e);
    } finally {
      releaseLock();
    }
  }

  private void releaseLock() {
    try {
      lock.release();
    } catch (IOException e) {
      throw ArtifactStoreException.storeFailed("unlocking a part of blob " + expected, e);
    }
  }
}
