package io.slipway.artifacts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Locks between processes, each a byte of one lock file that is never deleted or renamed. The
 * operating system frees the locks of a dead process.
 *
 * <p>The channel of a lock file is opened once per JVM and never closed: POSIX drops every lock of
 * a process on a file as soon as the process closes any descriptor of it.
 */
final class RangeLocks {

  private static final ConcurrentHashMap<Path, FileChannel> CHANNELS = new ConcurrentHashMap<>();

  private final FileChannel channel;

  private RangeLocks(FileChannel channel) {
    this.channel = channel;
  }

  /** Locks kept in the file {@code lock} of {@code directory}, which exists. */
  static RangeLocks in(Path directory) throws IOException {
    Path real = directory.toRealPath().resolve("lock");
    try {
      return new RangeLocks(CHANNELS.computeIfAbsent(real, RangeLocks::open));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static FileChannel open(Path lockFile) {
    try {
      return FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes the lock of {@code key} unless somebody holds it, in this process or another. */
  Optional<FileLock> tryLock(long key) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock(key & (Long.MAX_VALUE >>> 1), 1, false));
    } catch (OverlappingFileLockException e) {
      return Optional.empty();
    }
  }
}
