package io.slipway.hub.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hub on a port of its own, over the JDK's HTTP server, with a virtual thread for each request.
 */
public final class HubServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HubServer.class);
  private static final int MAX_BODY_BYTES = 1 << 20;

  private final HubRoutes routes;
  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  private HubServer(HubRoutes routes, HttpServer server) {
    this.routes = routes;
    this.server = server;
    server.setExecutor(executor);
    server.createContext("/", this::handle);
  }

  /**
   * Starts to listen.
   *
   * @param port 0 for any that is free
   * @throws IOException when the port is taken
   */
  public static HubServer start(HubRoutes routes, String host, int port) throws IOException {
    HttpServer http = HttpServer.create(new InetSocketAddress(host, port), 0);
    var server = new HubServer(routes, http);
    http.start();
    return server;
  }

  /** What a client takes as its endpoint. */
  public URI endpoint() {
    InetSocketAddress address = server.getAddress();
    return URI.create("http://" + address.getHostString() + ":" + address.getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      write(exchange, answer(exchange));
    }
  }

  private HubResponse answer(HttpExchange exchange) throws IOException {
    Optional<HubRequest> request = read(exchange);
    if (request.isEmpty()) {
      return HubResponse.error(400, "", "The request is malformed or its body is too large");
    }
    try {
      return routes.answer(request.get());
    } catch (RuntimeException e) {
      LOG.error(
          "The hub failed to answer {} {}",
          exchange.getRequestMethod(),
          exchange.getRequestURI(),
          e);
      return HubResponse.error(500, "", "Internal error");
    }
  }

  private Optional<HubRequest> read(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    byte[] body;
    try (InputStream input = exchange.getRequestBody()) {
      body = input.readNBytes(MAX_BODY_BYTES + 1);
    }
    if (body.length > MAX_BODY_BYTES) {
      return Optional.empty();
    }
    URI address = exchange.getRequestURI();
    try {
      return Optional.of(
          new HubRequest(
              exchange.getRequestMethod(),
              QueryString.readPath(address.getRawPath()),
              QueryString.read(address.getRawQuery()),
              headers,
              body,
              headers.containsKey("host")
                  ? "http://" + headers.get("host")
                  : endpoint().toString()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static void write(HttpExchange exchange, HubResponse response) throws IOException {
    response.headers().forEach(exchange.getResponseHeaders()::set);
    long length = response.content().length();
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Long.toString(length));
      exchange.sendResponseHeaders(response.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(response.status(), length == 0 ? -1 : length);
    try (OutputStream output = exchange.getResponseBody()) {
      if (length > 0) {
        response.content().writeTo(output);
      }
    }
  }

  /** Breaks off what is under way. */
  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
