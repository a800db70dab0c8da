package io.slipway.gateway.transcoding;

import io.slipway.gateway.rest.RestCall;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Messages on their way to an HTTP client, each flushed at once. */
abstract sealed class EventStream {

  private static final String NDJSON = "application/x-ndjson";

  private final HttpServletResponse response;
  private boolean begun;

  private EventStream(HttpServletResponse response) {
    this.response = response;
  }

  /** Server-sent events, unless the client accepts lines of JSON. */
  static EventStream askedFor(RestCall call) {
    String accept = call.request().getHeader("Accept");
    return accept != null && accept.contains(NDJSON)
        ? new Lines(call.response())
        : new ServerSentEvents(call.response());
  }

  /** Sends the headers, unless they have been sent. */
  final void begin() throws IOException {
    if (!begun) {
      begun = true;
      response.setContentType(contentType());
      response.setHeader("Cache-Control", "no-store");
      // Asks a proxy in between not to collect the events.
      response.setHeader("X-Accel-Buffering", "no");
      response.flushBuffer();
    }
  }

  /** Whether it is too late for an error status. */
  final boolean hasBegun() {
    return begun;
  }

  abstract String contentType();

  abstract void message(String json) throws IOException;

  /** A sign of life that clients skip. */
  abstract void heartbeat() throws IOException;

  /** The stream's last word when it did not end well. */
  abstract void failed(String problemJson) throws IOException;

  final void send(String text) throws IOException {
    begin();
    OutputStream out = response.getOutputStream();
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** The event stream format of the HTML standard, section 9.2. */
  private static final class ServerSentEvents extends EventStream {

    ServerSentEvents(HttpServletResponse response) {
      super(response);
    }

    @Override
    String contentType() {
      return "text/event-stream;charset=UTF-8";
    }

    @Override
    void message(String json) throws IOException {
      send("data: " + json + "\n\n");
    }

    @Override
    void heartbeat() throws IOException {
      send(": waiting\n\n");
    }

    @Override
    void failed(String problemJson) throws IOException {
      send("event: error\ndata: " + problemJson + "\n\n");
    }
  }

  /** One JSON object a line; an error is the object {"error": problem}. */
  private static final class Lines extends EventStream {

    Lines(HttpServletResponse response) {
      super(response);
    }

    @Override
    String contentType() {
      return NDJSON;
    }

    @Override
    void message(String json) throws IOException {
      send(json + "\n");
    }

    @Override
    void heartbeat() throws IOException {
      send("\n");
    }

    @Override
    void failed(String problemJson) throws IOException {
      send("{\"error\":" + problemJson + "}\n");
    }
  }
}
