package io.slipway.hub.server;

import io.slipway.hub.ModelJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * An answer of a hub, whatever carries it. To HEAD the headers go out, with the length of the
 * content, and the content does not.
 */
public record HubResponse(int status, Map<String, String> headers, Content content) {

  public HubResponse {
    headers = Map.copyOf(headers);
  }

  /** The body of an answer. */
  public sealed interface Content {

    long length();

    /** Writes all of it; called at most once. */
    void writeTo(OutputStream output) throws IOException;
  }

  /** A body in memory. */
  record Bytes(byte[] bytes) implements Content {
    @Override
    public long length() {
      return bytes.length;
    }

    @Override
    public void writeTo(OutputStream output) throws IOException {
      output.write(bytes);
    }
  }

  /** A part of a file, opened when it is written. */
  record FilePart(Opener opener, long length) implements Content {

    /** Opens the file where the part begins. */
    interface Opener {
      InputStream open() throws IOException;
    }

    @Override
    public void writeTo(OutputStream output) throws IOException {
      byte[] buffer = new byte[128 * 1024];
      long left = length;
      try (InputStream input = opener.open()) {
        while (left > 0) {
          int read = input.read(buffer, 0, (int) Math.min(buffer.length, left));
          if (read < 0) {
            throw new IOException("The file ended " + left + " bytes before its known length");
          }
          output.write(buffer, 0, read);
          left -= read;
        }
      }
    }
  }

  static HubResponse json(JsonNode body) {
    return json(200, Map.of(), body);
  }

  static HubResponse json(int status, Map<String, String> headers, JsonNode body) {
    var response =
        new HubResponse(status, headers, new Bytes(ModelJson.MAPPER.writeValueAsBytes(body)));
    return response.with("Content-Type", "application/json; charset=utf-8");
  }

  /** An error as the Hub's clients read it, in headers and in the body. */
  static HubResponse error(int status, String code, String message) {
    JsonNode body = ModelJson.MAPPER.createObjectNode().put("error", message);
    HubResponse response = json(status, Map.of(), body).with("X-Error-Message", printable(message));
    return code.isEmpty() ? response : response.with("X-Error-Code", code);
  }

  HubResponse with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new HubResponse(status, more, content);
  }

  private static String printable(String message) {
    return message.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
