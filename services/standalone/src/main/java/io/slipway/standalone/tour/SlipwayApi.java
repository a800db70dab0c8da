package io.slipway.standalone.tour;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.slipway.standalone.platform.PlatformException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The gateway's REST API as any client sees it: JSON over HTTP, a key, problem documents. */
final class SlipwayApi {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
  private static final Duration WATCH_LIMIT = Duration.ofMinutes(30);
  private static final String EVENT_DATA = "data:";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI gateway;
  private final String apiKey;

  SlipwayApi(URI gateway, String apiKey) {
    this.gateway = gateway;
    this.apiKey = apiKey;
  }

  <M extends Message> M get(String path, Message.Builder answer, Class<M> type) {
    return type.cast(parse(send(request(path).GET()), answer));
  }

  /** A command, with a request id of its own. */
  <M extends Message> M post(String path, Message body, Message.Builder answer, Class<M> type) {
    try {
      return type.cast(
          parse(
              send(
                  request(path)
                      .header("Content-Type", "application/json")
                      .header("Idempotency-Key", UUID.randomUUID().toString())
                      .POST(BodyPublishers.ofString(JsonFormat.printer().print(body)))),
              answer));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  JsonNode postJson(String path, String body) {
    return JSON.readTree(
        send(
            request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))));
  }

  /** Sends a file without reading it into memory. */
  <M extends Message> M upload(
      String path, String contentType, Path file, Message.Builder answer, Class<M> type) {
    try {
      BodyPublisher content = BodyPublishers.ofFile(file);
      return type.cast(
          parse(
              send(
                  request(path)
                      .header("Content-Type", contentType)
                      .header("Idempotency-Key", UUID.randomUUID().toString())
                      .POST(content)),
              answer));
    } catch (IOException e) {
      throw new PlatformException("The file " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Follows a resource until the server ends the stream.
   *
   * @return the last state
   */
  <M extends Message> M watch(
      String path, Supplier<Message.Builder> answer, Class<M> type, Consumer<M> each) {
    HttpRequest request =
        request(path).header("Accept", "text/event-stream").timeout(WATCH_LIMIT).GET().build();
    try {
      HttpResponse<Stream<String>> response = http.send(request, BodyHandlers.ofLines());
      M last = null;
      try (Stream<String> lines = response.body()) {
        if (response.statusCode() != 200) {
          throw refusal(response.statusCode(), String.join("\n", lines.toList()));
        }
        for (String line : (Iterable<String>) lines::iterator) {
          if (line.startsWith(EVENT_DATA)) {
            last = type.cast(parse(line.substring(EVENT_DATA.length()), answer.get()));
            each.accept(last);
          }
        }
      }
      if (last == null) {
        throw new ApiException(0, "EMPTY_WATCH", path + " told nothing.");
      }
      return last;
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  static String query(String name, String value) {
    return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(gateway.resolve(path))
        .timeout(ANSWER_LIMIT)
        .header("Authorization", "Bearer " + apiKey);
  }

  private String send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw refusal(response.statusCode(), response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static Message parse(String json, Message.Builder answer) {
    try {
      JsonFormat.parser().ignoringUnknownFields().merge(json, answer);
      return answer.build();
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException("The gateway's answer cannot be read: " + json, e);
    }
  }

  private static ApiException refusal(int status, String body) {
    try {
      JsonNode problem = JSON.readTree(body);
      return new ApiException(
          status,
          problem.path("code").asString(""),
          problem.path("detail").asString(problem.path("error").asString(body)));
    } catch (tools.jackson.core.JacksonException notJson) {
      return new ApiException(status, "", body);
    }
  }

  private PlatformException unreachable(IOException e) {
    return new PlatformException(
        "The gateway at " + gateway + " does not answer: " + e.getMessage(), e);
  }

  private static PlatformException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new PlatformException("Interrupted.", e);
  }
}
