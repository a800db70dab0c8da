package io.slipway.embedded.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A directory that is removed when this process has ended, also by {@code kill -9}: a shell waits
 * for the end of the pipe from it.
 */
record TemporaryDirectory(Path path, Process remover) {
  /**
   * Servers in the directory end by the same sign, so what they still write may make the first
   * attempts fail.
   */
  private static final String REMOVE_AFTER_PARENT =
      """
      read -r line
      for attempt in 1 2 3 4 5 6 7 8 9 10; do
        rm -rf "$1" 2>/dev/null && exit 0
        sleep 0.5
      done
      """;

  static TemporaryDirectory create() {
    try {
      Path path = Files.createTempDirectory("slipway-tests-");
      // The database server may run under another account and has to reach its own directory in
      // here.
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
      Process remover =
          new ProcessBuilder("setsid", "sh", "-c", REMOVE_AFTER_PARENT, "sh", path.toString())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new TemporaryDirectory(path, remover);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
