package io.slipway.standalone.platform;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;

/**
 * Where an instance keeps everything: two instances with different directories know nothing of each
 * other.
 */
public record DataDirectory(Path root) {

  private static final long LEAST_FREE_BYTES = 1L << 30;

  /**
   * Makes the directory where it is not there.
   *
   * @throws PlatformException when it cannot be written or its disk is full
   */
  public static DataDirectory open(Path root) {
    try {
      Files.createDirectories(root);
      Path absolute = root.toRealPath();
      FileStore disk = Files.getFileStore(absolute);
      if (!Files.isWritable(absolute)) {
        throw new PlatformException("The data directory " + absolute + " cannot be written.");
      }
      if (disk.getUsableSpace() < LEAST_FREE_BYTES) {
        throw new PlatformException(
            "The disk of %s has %d MiB free; Slipway needs at least %d MiB. Free some, or choose another --data-dir."
                .formatted(absolute, disk.getUsableSpace() >> 20, LEAST_FREE_BYTES >> 20));
      }
      return new DataDirectory(absolute);
    } catch (IOException e) {
      throw new PlatformException("The data directory " + root + " cannot be used: " + e, e);
    }
  }

  public Path logs() {
    return root.resolve("logs");
  }

  public Path log() {
    return logs().resolve("slipway.log");
  }

  Path kafka() {
    return root.resolve("kafka");
  }

  Path postgres() {
    return root.resolve("postgres");
  }

  Path artifacts() {
    return root.resolve("artifacts");
  }

  Path checkouts() {
    return root.resolve("checkouts");
  }

  public Path starterHub() {
    return root.resolve("starter-hub");
  }

  public Path tour() {
    return root.resolve("tour");
  }

  Path startupCache() {
    return root.resolve("cache");
  }

  Path stateFile() {
    return root.resolve("platform.json");
  }

  Path lockFile() {
    return root.resolve("platform.lock");
  }

  Path apiKeyFile() {
    return root.resolve("api-key");
  }

  Path platformSecretFile() {
    return root.resolve("platform-secret");
  }

  /** A secret that is made once and readable by its owner only. */
  static String secret(Path file, Supplier<String> fresh) {
    try {
      if (!Files.exists(file)) {
        write(file, fresh.get());
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new PlatformException("The file " + file + " cannot be used: " + e, e);
    }
  }

  /** Replaces a file as a whole; only its owner can read it. */
  static void write(Path file, String content) throws IOException {
    Path partial =
        Files.createTempFile(
            file.getParent(),
            ".writing-",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(partial, content);
    try {
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
