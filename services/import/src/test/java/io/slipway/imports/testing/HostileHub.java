package io.slipway.imports.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/** A hub that names a file as no honest hub would. */
public final class HostileHub implements AutoCloseable {

  private final HttpServer server;
  private volatile String path = "";

  private HostileHub(HttpServer server) {
    this.server = server;
    server.createContext("/", this::answer);
    server.start();
  }

  public static HostileHub start() throws IOException {
    return new HostileHub(
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
  }

  /** What the file is called from now on. */
  public void name(String newPath) {
    path = newPath;
  }

  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] answer =
        """
        {"id":"acme/hostile","sha":"%s","siblings":[
         {"rfilename":"config.json","size":2,"blobId":"%s"},
         {"rfilename":%s,"size":2,"blobId":"%s"}]}"""
            .formatted(
                "a".repeat(40),
                "b".repeat(40),
                Objects.requireNonNull(JsonMapper.shared().writeValueAsString(path)),
                "c".repeat(40))
            .getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
