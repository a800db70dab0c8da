package io.slipway.gateway.rest;

import java.io.IOException;
import java.util.List;

/**
 * One method of HTTP on paths of one form.
 *
 * @param method GET, POST, ...
 */
public record RestEndpoint(String method, PathTemplate path, Handler handler) {

  /** Answers a call. It blocks as it needs; what it throws becomes the error's answer. */
  @FunctionalInterface
  public interface Handler {
    void handle(RestCall call) throws IOException;
  }

  /** Who has endpoints to offer. */
  @FunctionalInterface
  public interface Source {
    List<RestEndpoint> endpoints();
  }
}
