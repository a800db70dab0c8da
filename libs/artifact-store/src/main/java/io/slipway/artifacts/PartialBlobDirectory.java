package io.slipway.artifacts;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Beginnings of blobs, as {@code <digest>.<n>}. Each is locked while it is open; whoever finds all
 * of them locked starts the next number, so that a stopped process never blocks another one.
 */
final class PartialBlobDirectory {

  private final Path directory;
  private final BlobDirectory blobs;
  private final RangeLocks locks;

  PartialBlobDirectory(Path directory, BlobDirectory blobs) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.blobs = blobs;
    this.locks = RangeLocks.in(directory);
  }

  FileSystemPartialBlob open(Digest expected) throws IOException {
    int number = 0;
    Optional<FileLock> lock = lock(expected, number);
    while (lock.isEmpty()) {
      number++;
      lock = lock(expected, number);
    }
    return FileSystemPartialBlob.open(file(expected, number), expected, blobs, lock.get());
  }

  int removeAbandoned(Instant before) throws IOException {
    int removed = 0;
    try (var files = Files.newDirectoryStream(directory, "*.*")) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
          removed += removeUnlessOpen(file) ? 1 : 0;
        }
      }
    }
    return removed;
  }

  private boolean removeUnlessOpen(Path file) throws IOException {
    String name = file.getFileName().toString();
    int dot = name.indexOf('.');
    Digest digest = Digest.of(name.substring(0, dot));
    Optional<FileLock> lock = lock(digest, Integer.parseInt(name.substring(dot + 1)));
    if (lock.isEmpty()) {
      return false;
    }
    try (FileLock held = lock.get()) {
      return held.isValid() && Files.deleteIfExists(file);
    }
  }

  /** Keys of different blobs may collide; then one of them merely takes its next number. */
  private Optional<FileLock> lock(Digest expected, int number) throws IOException {
    long key = HexFormat.fromHexDigitsToLong(expected.hex().substring(0, 16));
    return locks.tryLock(key + number);
  }

  private Path file(Digest expected, int number) {
    return directory.resolve(expected.hex() + "." + number);
  }
}
