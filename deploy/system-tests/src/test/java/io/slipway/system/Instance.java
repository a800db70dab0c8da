package io.slipway.system;

import io.slipway.system.Launcher.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A standalone platform with a data directory and a port of its own. */
record Instance(Path data, int port) implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final JsonMapper JSON = JsonMapper.shared();

  static Instance in(Path data) {
    return new Instance(data, freePair());
  }

  Outcome run(String command, String... more) {
    return Launcher.run(
        PATIENCE,
        Stream.concat(Stream.of(command, "--data-dir", data.toString()), Stream.of(more))
            .toArray(String[]::new));
  }

  Outcome up() {
    return run("up", "--port", Integer.toString(port));
  }

  JsonNode state() {
    return JSON.readTree(read("platform.json"));
  }

  ProcessHandle process() {
    return ProcessHandle.of(state().path("pid").asLong()).orElseThrow();
  }

  JsonNode get(String path) {
    return JSON.readTree(send(request(path).GET().build()));
  }

  /** The status and body of a classification; nothing is thrown for a refusal. */
  int classify(String endpoint) {
    try {
      return HttpClient.newHttpClient()
          .send(
              request("/models/" + endpoint)
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{\"inputs\": \"my parcel is late\"}"))
                  .build(),
              BodyHandlers.ofString())
          .statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .header("Authorization", "Bearer " + read("api-key").strip());
  }

  private static String send(HttpRequest request) {
    try {
      var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new AssertionError(
            request.uri() + " answered " + response.statusCode() + ": " + response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private String read(String file) {
    try {
      return Files.readString(data.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first of two free ports in a row: REST and gRPC. */
  private static int freePair() {
    while (true) {
      try (var first = new ServerSocket(0);
          var second = new ServerSocket(first.getLocalPort() + 1)) {
        return second.getLocalPort() - 1;
      } catch (IOException | IllegalArgumentException taken) {
        // The next one then.
      }
    }
  }

  @Override
  public void close() {
    run("down");
  }
}
