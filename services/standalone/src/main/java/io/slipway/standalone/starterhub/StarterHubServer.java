package io.slipway.standalone.starterhub;

import io.slipway.hub.server.DirectoryHubRepositories;
import io.slipway.hub.server.HubIdentity;
import io.slipway.hub.server.HubRoutes;
import io.slipway.hub.server.HubServer;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Serves the starter hub over the Hub's protocol: in the standalone platform's JVM, or as a program
 * of its own.
 *
 * <pre>java ... StarterHubServer --dir /var/lib/starter-hub --port 8090 [--host 0.0.0.0]</pre>
 */
public final class StarterHubServer {
  private static final String USAGE = "expected --dir <directory> --port <port> [--host <address>]";

  private StarterHubServer() {}

  /**
   * Generates the hub in {@code directory} unless it is there, and serves it until the server is
   * closed.
   *
   * @param port 0 for any that is free
   * @throws IOException when the port is taken
   */
  public static HubServer start(Path directory, String host, int port) throws IOException {
    StarterHub.generate(directory);
    var repositories = new DirectoryHubRepositories(directory.resolve("models"));
    return HubServer.start(new HubRoutes(repositories, HubIdentity.NOBODY), host, port);
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Arguments arguments = Arguments.of(args);
    try (HubServer server = start(arguments.directory(), arguments.host(), arguments.port())) {
      System.out.println("The starter hub is served at " + server.endpoint());
      Thread.currentThread().join();
    }
  }

  record Arguments(Path directory, String host, int port) {
    /**
     * @throws IllegalArgumentException naming what was not understood
     */
    static Arguments of(String... args) {
      String directory = "";
      String host = "0.0.0.0";
      int port = -1;
      for (int i = 0; i < args.length; i += 2) {
        if (i + 1 == args.length) {
          throw new IllegalArgumentException(args[i] + " lacks its value: " + USAGE);
        }
        String value = args[i + 1];
        switch (args[i]) {
          case "--dir" -> directory = value;
          case "--host" -> host = value;
          case "--port" -> port = port(value);
          default -> throw new IllegalArgumentException(args[i] + " is not known: " + USAGE);
        }
      }
      if (directory.isEmpty() || port < 0) {
        throw new IllegalArgumentException(USAGE);
      }
      return new Arguments(Path.of(directory), host, port);
    }

    private static int port(String value) {
      try {
        int port = Integer.parseInt(value);
        if (port >= 0 && port <= 65_535) {
          return port;
        }
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("--port is '" + value + "', expected 0 to 65535", e);
      }
      throw new IllegalArgumentException("--port is '" + value + "', expected 0 to 65535");
    }
  }
}
