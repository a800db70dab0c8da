package io.slipway.benchmarks.engine;

import io.slipway.benchmarks.engine.Measurement.Work;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A child process that measures what it is asked, ours or the peer's. While it is not asked it
 * waits, so that two can take turns.
 */
final class MeasuringProcess implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int SECONDS_TO_END = 30;
  private static final int LINES_SHOWN = 5;

  private final Process process;
  private final Path errors;
  private final Writer requests;
  private final BufferedReader answers;

  /** A measurement that gave no figure; the message says why. */
  static final class Failure extends Exception {

    private static final long serialVersionUID = 1L;

    Failure(String message) {
      super(message);
    }
  }

  /**
   * Starts a process.
   *
   * @param environment beyond our own
   */
  MeasuringProcess(List<String> command, Map<String, String> environment) throws IOException {
    this.errors = Files.createTempFile("slipway-bench", ".log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().putAll(environment);
    // Threads that spin while they wait would take the cores from whoever's turn it is.
    builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    this.process = builder.start();
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Has something measured, and waits for it. */
  Timing time(Measurement measurement) throws Failure, IOException {
    JsonNode answer = ask(measurement);
    return new Timing(answer.path("ms").asDouble(), answer.path("least_ms").asDouble());
  }

  /** The most resident memory that the process has had so far, in MiB. */
  long peakMemory() throws Failure, IOException {
    return ask(new Measurement(Work.PEAK_MEMORY, 0, 0, 0, 0)).path("mib").asLong();
  }

  private JsonNode ask(Measurement measurement) throws Failure, IOException {
    try {
      requests.write(measurement.toJson() + "\n");
      requests.flush();
    } catch (IOException e) {
      throw ended();
    }
    String line = answers.readLine();
    if (line == null) {
      throw ended();
    }
    JsonNode answer;
    try {
      answer = JSON.readTree(line);
    } catch (JacksonException e) {
      throw new Failure("the process said \"" + line + "\" instead of a figure");
    }
    if (answer.has("error")) {
      throw new Failure(answer.path("error").asString(""));
    }
    return answer;
  }

  private Failure ended() throws IOException {
    List<String> lines = Files.readAllLines(errors);
    return new Failure(
        "the process ended: "
            + String.join(
                " / ", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size())));
  }

  @Override
  public void close() throws IOException {
    try {
      requests.close();
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } finally {
      Files.deleteIfExists(errors);
    }
  }
}
