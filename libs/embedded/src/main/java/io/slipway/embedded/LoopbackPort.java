package io.slipway.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** TCP ports of 127.0.0.1. */
final class LoopbackPort {
  static final String HOST = "127.0.0.1";

  private LoopbackPort() {}

  /**
   * Returns {@code wanted} after checking that nobody listens there, or a free port if {@code
   * wanted} is 0. Another process may still take the port before the server does: the caller
   * handles that.
   */
  static int reserve(int wanted, String server) {
    if (wanted < 0 || wanted > 65_535) {
      throw new IllegalArgumentException(
          "port " + wanted + " of " + server + " is not within 0 to 65535");
    }
    try (var socket = new ServerSocket(wanted, 1, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new EmbeddedStartException(
          "Port %d on %s, wanted for %s, is taken; stop what listens there or choose another port."
              .formatted(wanted, HOST, server),
          e);
    }
  }
}
