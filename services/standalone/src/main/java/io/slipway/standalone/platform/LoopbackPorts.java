package io.slipway.standalone.platform;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Ports of 127.0.0.1. */
final class LoopbackPorts {

  private LoopbackPorts() {}

  /**
   * @throws PlatformException when somebody listens there
   */
  static void requireFree(int port, String wantedFor) {
    try (var _ = listen(port)) {
      return;
    } catch (IOException e) {
      throw new PlatformException(
          "Port %d (%s) is taken; stop what listens there or choose another --port."
              .formatted(port, wantedFor),
          e);
    }
  }

  /** So many different ports on which nobody listens now. */
  static List<Integer> free(int count) {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(listen(0));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } catch (IOException e) {
      throw new PlatformException("No free port could be had on 127.0.0.1: " + e, e);
    } finally {
      sockets.forEach(LoopbackPorts::close);
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
