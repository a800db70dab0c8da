package io.slipway.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A short-lived program whose output matters only when it fails. */
record Command(int exitCode, String output) {

  static Command run(String... command) {
    return run(List.of(command));
  }

  static Command run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Command(process.waitFor(), output.strip());
    } catch (IOException notFound) {
      return new Command(127, String.valueOf(notFound.getMessage()));
    } catch (InterruptedException e) {
      throw EmbeddedStartException.interrupted("running " + command.getFirst(), e);
    }
  }

  boolean succeeded() {
    return exitCode == 0;
  }
}
