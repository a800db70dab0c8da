package io.slipway.gateway.transcoding;

import com.google.api.HttpRule;
import io.slipway.gateway.rest.PathTemplate;

/**
 * One {@code google.api.http} rule.
 *
 * @param method GET, POST, ...
 * @param body the field that the body fills, "*" for the whole message, empty for no body
 */
public record HttpBinding(String method, PathTemplate path, String body) {

  static final String WHOLE = "*";

  public static HttpBinding of(HttpRule rule) {
    return switch (rule.getPatternCase()) {
      case GET -> of("GET", rule.getGet(), rule);
      case POST -> of("POST", rule.getPost(), rule);
      case PUT -> of("PUT", rule.getPut(), rule);
      case PATCH -> of("PATCH", rule.getPatch(), rule);
      case DELETE -> of("DELETE", rule.getDelete(), rule);
      case CUSTOM -> of(rule.getCustom().getKind(), rule.getCustom().getPath(), rule);
      case PATTERN_NOT_SET -> throw new IllegalArgumentException("An HTTP rule without a path.");
    };
  }

  private static HttpBinding of(String method, String path, HttpRule rule) {
    return new HttpBinding(method, PathTemplate.parseTemplate(path), rule.getBody());
  }

  public boolean hasBody() {
    return !body.isEmpty();
  }

  public boolean isWholeBody() {
    return body.equals(WHOLE);
  }
}
