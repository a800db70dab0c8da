package io.slipway.gateway.errors;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * What a refused client is still sending. Closing the connection at once would reset it, and most
 * clients would see the reset instead of the answer; so the rest is read and thrown away, for a
 * while.
 */
final class LeftoverBody {

  /** Up to here the server reads on by itself. */
  private static final long LARGE = 2 << 20;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpServletRequest request;
  private final boolean large;

  private LeftoverBody(HttpServletRequest request, boolean large) {
    this.request = request;
    this.large = large;
  }

  static LeftoverBody of(HttpServletRequest request) {
    boolean streamed = request.getHeader("Transfer-Encoding") != null;
    // A client that asks first does not send what was refused.
    boolean asksFirst = request.getHeader("Expect") != null;
    return new LeftoverBody(
        request, !asksFirst && (streamed || request.getContentLengthLong() > LARGE));
  }

  boolean isLarge() {
    return large;
  }

  /** Reads on after the answer has been sent; a client that goes away is what this waits for. */
  void discard() {
    if (!large) {
      return;
    }
    long end = System.nanoTime() + PATIENCE.toNanos();
    byte[] buffer = new byte[1 << 16];
    try {
      InputStream in = request.getInputStream();
      while (System.nanoTime() - end < 0 && in.read(buffer) >= 0) {
        // Thrown away.
      }
    } catch (IOException gone) {
      // The client has closed the connection; the answer was sent before.
      return;
    }
  }
}
