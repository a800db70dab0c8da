package io.slipway.artifacts;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The part of a store's directory that holds whole blobs, as {@code blobs/sha256/ab/abcd...}: a
 * file is there only after its bytes have reached the disk.
 */
final class BlobDirectory {

  private final Path directory;

  BlobDirectory(Path root) throws IOException {
    this.directory = Files.createDirectories(root.resolve("blobs/sha256"));
  }

  Path locate(Digest digest) {
    return prefix(digest).resolve(digest.hex());
  }

  private Path prefix(Digest digest) {
    return directory.resolve(digest.hex().substring(0, 2));
  }

  boolean holds(Digest digest) {
    return Files.isRegularFile(locate(digest));
  }

  /**
   * Makes {@code file}, already forced to the disk and on the same file system, the blob of {@code
   * blob}; the file is gone from its place afterwards.
   */
  void publish(Path file, StoredBlob blob) throws IOException {
    Path target = locate(blob.digest());
    Path prefix = prefix(blob.digest());
    if (Files.isRegularFile(target) && Files.size(target) == blob.sizeBytes()) {
      Files.delete(file);
    } else {
      if (Files.notExists(prefix)) {
        Files.createDirectories(prefix);
        force(directory);
      }
      Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
      makeReadOnly(target);
    }
    force(prefix);
  }

  boolean delete(Digest digest) throws IOException {
    return Files.deleteIfExists(locate(digest));
  }

  /** Makes the entries of {@code directory}, or the bytes of a file, durable. */
  static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** A blob reached through a link in a checkout must not be changed in place by accident. */
  private static void makeReadOnly(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString("r--r--r--"));
    }
  }
}
