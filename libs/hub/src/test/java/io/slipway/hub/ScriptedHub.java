package io.slipway.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A hub that does what a test tells it, request by request, and remembers what it was asked. */
final class ScriptedHub implements AutoCloseable {

  /** What a request looked like; absent headers are the empty string. */
  record Asked(String path, String range, String authorization) {}

  final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedDeque<HttpHandler> script = new ConcurrentLinkedDeque<>();
  private final HttpServer server;

  ScriptedHub() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + port());
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** What to do next; the last step is repeated. */
  ScriptedHub then(HttpHandler step) {
    script.add(step);
    return this;
  }

  ScriptedHub thenJson(String body) {
    return then(answer(200, Map.of(), body.getBytes(UTF_8)));
  }

  ScriptedHub thenStatus(int status, Map<String, String> headers) {
    return then(answer(status, headers, "{\"error\":\"as scripted\"}".getBytes(UTF_8)));
  }

  static HttpHandler answer(int status, Map<String, String> headers, byte[] body) {
    return exchange -> {
      headers.forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    };
  }

  /** Announces all of the body from the asked range on, sends {@code count} bytes and hangs up. */
  static HttpHandler breakAfter(int count, byte[] content, Map<String, String> headers) {
    return exchange -> {
      int start = startOf(exchange);
      headers.forEach(exchange.getResponseHeaders()::set);
      announce(exchange, start, content);
      exchange.getResponseBody().write(content, start, count);
      exchange.getResponseBody().flush();
    };
  }

  /** Serves the asked range. */
  static HttpHandler serve(byte[] content, Map<String, String> headers) {
    return exchange -> {
      int start = startOf(exchange);
      headers.forEach(exchange.getResponseHeaders()::set);
      announce(exchange, start, content);
      exchange.getResponseBody().write(content, start, content.length - start);
    };
  }

  private static void announce(HttpExchange exchange, int start, byte[] content)
      throws IOException {
    if (start > 0) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(start, content.length - 1, content.length));
    }
    exchange.sendResponseHeaders(start > 0 ? 206 : 200, content.length - start);
  }

  private static int startOf(HttpExchange exchange) {
    String range = exchange.getRequestHeaders().getFirst("Range");
    return range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
  }

  private void handle(HttpExchange exchange) throws IOException {
    var headers = exchange.getRequestHeaders();
    asked.add(
        new Asked(
            exchange.getRequestURI().toString(),
            headers.getOrDefault("Range", List.of("")).getFirst(),
            headers.getOrDefault("Authorization", List.of("")).getFirst()));
    HttpHandler step = script.size() > 1 ? script.poll() : script.peek();
    try (exchange) {
      step.handle(exchange);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
