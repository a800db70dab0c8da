package io.slipway.gateway.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A request that has found its endpoint.
 *
 * @param variables what the path's variables stand for
 */
public record RestCall(
    HttpServletRequest request, HttpServletResponse response, Map<String, String> variables) {

  public QueryString query() {
    return QueryString.parse(request.getQueryString());
  }

  /**
   * The id by which the client would repeat this request: the Idempotency-Key header, else
   * X-Request-Id; empty when it has sent neither.
   */
  public String idempotencyKey() {
    String key = request.getHeader("Idempotency-Key");
    String id = key == null ? request.getHeader(RequestIdFilter.HEADER) : key;
    return id == null ? "" : id;
  }

  /** Answers 200 with JSON text. */
  public void answerJson(String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    response.setContentType("application/json");
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }
}
