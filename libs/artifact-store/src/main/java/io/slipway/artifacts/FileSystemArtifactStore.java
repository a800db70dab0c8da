package io.slipway.artifacts;

import io.slipway.artifacts.ArtifactStoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.UUID;

/**
 * Blobs in a directory, which many processes may share: {@code blobs/sha256/ab/abcd...} for whole
 * content, {@code partial/} for what is still arriving, {@code temporary/} for writes in progress.
 */
public final class FileSystemArtifactStore implements ArtifactStore {

  private final BlobDirectory blobs;
  private final PartialBlobDirectory partials;
  private final Path temporary;

  /**
   * @param root created when it does not exist
   */
  public FileSystemArtifactStore(Path root) {
    Path absolute = root.toAbsolutePath().normalize();
    try {
      this.blobs = new BlobDirectory(absolute);
      this.partials = new PartialBlobDirectory(absolute.resolve("partial"), blobs);
      this.temporary = Files.createDirectories(absolute.resolve("temporary"));
    } catch (IOException e) {
      throw ArtifactStoreException.storeFailed("opening " + absolute, e);
    }
  }

  @Override
  public StoredBlob write(InputStream content, long maxBytes) {
    try (var temporaryBlob = new TemporaryBlob(temporaryFile())) {
      StoredBlob written = temporaryBlob.copy(content, maxBytes);
      blobs.publish(temporaryBlob.file(), written);
      return written;
    } catch (IOException e) {
      throw ArtifactStoreException.storeFailed("writing a blob", e);
    }
  }

  @Override
  public StoredBlob write(InputStream content, StoredBlob expected) {
    try (var temporaryBlob = new TemporaryBlob(temporaryFile())) {
      StoredBlob written = temporaryBlob.copy(content, expected.sizeBytes());
      requireSame(written, expected);
      blobs.publish(temporaryBlob.file(), written);
      return written;
    } catch (IOException e) {
      throw ArtifactStoreException.storeFailed("writing blob " + expected.digest(), e);
    }
  }

  private static void requireSame(StoredBlob written, StoredBlob expected) {
    if (written.sizeBytes() < expected.sizeBytes()) {
      throw new ArtifactStoreException(
          Kind.TRUNCATED,
          "The content of %s ended after %d of %d bytes"
              .formatted(expected.digest(), written.sizeBytes(), expected.sizeBytes()));
    }
    if (!written.digest().equals(expected.digest())) {
      throw new ArtifactStoreException(
          Kind.DIGEST_MISMATCH,
          "The content has SHA-256 " + written.digest() + ", expected " + expected.digest());
    }
  }

  @Override
  public StoredBlob write(Path file) {
    try (InputStream content = open(file)) {
      return write(content, Long.MAX_VALUE);
    } catch (IOException e) {
      throw sourceFailed(file, e);
    }
  }

  @Override
  public StoredBlob adopt(Path file) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return copyAndDelete(file);
    }
    Path claimed = temporaryFile();
    try {
      Files.move(file, claimed, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      return copyAndDelete(file);
    } catch (IOException e) {
      throw sourceFailed(file, e);
    }
    return publishClaimed(claimed);
  }

  private StoredBlob publishClaimed(Path claimed) {
    try (InputStream content = Files.newInputStream(claimed)) {
      BlobDirectory.force(claimed);
      StoredBlob blob = new StoredBlob(Digest.ofContent(content), Files.size(claimed));
      blobs.publish(claimed, blob);
      return blob;
    } catch (IOException e) {
      throw ArtifactStoreException.storeFailed("taking over a file", e);
    }
  }

  private static InputStream open(Path file) {
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw sourceFailed(file, e);
    }
  }

  private StoredBlob copyAndDelete(Path file) {
    StoredBlob copied = write(file);
    try {
      Files.deleteIfExists(file);
      return copied;
    } catch (IOException e) {
      throw sourceFailed(file, e);
    }
  }

  private static ArtifactStoreException sourceFailed(Path file, IOException e) {
    return new ArtifactStoreException(Kind.SOURCE_FAILED, file + " could not be read: " + e, e);
  }

  @Override
  public InputStream read(Digest digest) {
    try {
      return Files.newInputStream(blobs.locate(digest));
    } catch (NoSuchFileException e) {
      throw ArtifactStoreException.missing(digest);
    } catch (IOException e) {
      throw ArtifactStoreException.storeFailed("reading blob " + digest, e);
    }
  }

  @Override
  public Path path(Digest digest) {
    if (!blobs.holds(digest)) {
      throw ArtifactStoreException.missing(digest);
    }
    return blobs.locate(digest);
  }

  @Override
  public boolean contains(Digest digest) {
    return blobs.holds(digest);
  }

  @Override
  public long size(Digest digest) {
    try {
      return Files.size(blobs.locate(digest));
    } catch (NoSuchFileException e) {
      throw ArtifactStoreException.missing(digest);
    } catch (IOException e) {
      throw ArtifactStoreException.storeFailed("reading the size of blob " + digest, e);
    }
  }

  @Override
  public boolean delete(Digest digest) {
    try {
      return blobs.delete(digest);
    } catch (IOException e) {
      throw ArtifactStoreException.storeFailed("deleting blob " + digest, e);
    }
  }

  @Override
  public PartialBlob partial(Digest expected) {
    try {
      return partials.open(expected);
    } catch (IOException e) {
      throw ArtifactStoreException.storeFailed("opening a part of blob " + expected, e);
    }
  }

  /**
   * Deletes what unfinished writes left behind and nobody has touched since {@code before}; returns
   * how many files went.
   */
  public int removeAbandoned(Instant before) {
    try {
      int removed = partials.removeAbandoned(before);
      try (var files = Files.newDirectoryStream(temporary)) {
        for (Path file : files) {
          if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
            removed += Files.deleteIfExists(file) ? 1 : 0;
          }
        }
      }
      return removed;
    } catch (IOException e) {
      throw ArtifactStoreException.storeFailed("removing abandoned writes", e);
    }
  }

  private Path temporaryFile() {
    return temporary.resolve(UUID.randomUUID().toString());
  }
}
