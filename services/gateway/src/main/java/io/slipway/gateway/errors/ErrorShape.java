package io.slipway.gateway.errors;

import java.util.Map;

/** How a protocol writes its errors. */
public interface ErrorShape {

  /** Whether a request of this path speaks the protocol. */
  boolean isFor(String path);

  String contentType();

  /** The status, where the protocol has its own opinion. */
  default int status(Problem problem) {
    return problem.status();
  }

  /** Members of the JSON object. */
  Map<String, Object> body(Problem problem, Occasion occasion);

  /**
   * What the error happened to.
   *
   * @param traceId empty outside a trace
   */
  record Occasion(String path, String requestId, String traceId) {}
}
