package io.slipway.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The launcher {@code slipway}, run as a user would. */
final class Launcher {

  static final Path HOME = Path.of("").toAbsolutePath().getParent().getParent();

  private Launcher() {}

  record Outcome(int exitCode, String output) {}

  static Outcome run(Duration patience, String... arguments) {
    return run(patience, Map.of(), arguments);
  }

  static Outcome run(Duration patience, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(List.of(HOME.resolve("slipway").toString()));
    command.addAll(List.of(arguments));
    try {
      Path output = Files.createTempFile("slipway-", ".out");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            command + " did not end in " + patience + ":\n" + Files.readString(output));
      }
      String text = Files.readString(output);
      Files.delete(output);
      return new Outcome(process.exitValue(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
