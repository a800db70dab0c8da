package io.slipway.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The right to run a server in a directory. The operating system gives it back when this process
 * dies, however it dies, so it never has to be cleaned up.
 */
final class DirectoryLock implements AutoCloseable {
  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @param server the server's name, for the message
   * @throws EmbeddedStartException if the directory cannot be written or a live process runs a
   *     server in it
   */
  static DirectoryLock acquire(Path directory, String server) {
    try {
      Files.createDirectories(directory);
      FileChannel channel =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new EmbeddedStartException(
            "%s in %s is in use by another process; stop that one or choose another directory."
                .formatted(server, directory));
      }
      return new DirectoryLock(channel);
    } catch (IOException e) {
      throw new EmbeddedStartException(
          "The directory %s for %s cannot be used: %s.".formatted(directory, server, e), e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisJvm) {
      return null;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
