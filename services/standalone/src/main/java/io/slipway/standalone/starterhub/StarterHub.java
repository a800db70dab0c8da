package io.slipway.standalone.starterhub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A directory in the Hub's layout, {@code models/<owner>/<name>/<files>}, with a model that can be
 * imported and tuned and some whose verdicts differ. Its content is always the same, byte for byte.
 */
public final class StarterHub {
  static final String OWNER = "slipway-starter";

  /**
   * The model to begin with: a BERT with random weights and a head for the {@link SupportTeam
   * teams}.
   */
  public static final String MODEL = OWNER + "/bert-tiny-uncased";

  /** Of the generated messages, and of all weights. */
  public static final long SEED = 20_260_101L;

  private StarterHub() {}

  /**
   * Writes the hub into {@code directory} unless it is there: whole or not at all, also when two
   * processes do so at once.
   */
  public static void generate(Path directory) {
    Path models = directory.resolve("models");
    if (Files.isDirectory(models)) {
      return;
    }
    try {
      Files.createDirectories(directory);
      Path partial = Files.createTempDirectory(directory, ".generating-");
      try {
        new StarterRepositories(SupportMessages.generate(SEED), SEED)
            .writeTo(partial.resolve("models").resolve(OWNER));
        Files.move(partial.resolve("models"), models, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        if (!Files.isDirectory(models)) {
          throw e;
        }
      } finally {
        deleteRecursively(partial);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the starter hub cannot be written into " + directory, e);
    }
  }

  private static void deleteRecursively(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
