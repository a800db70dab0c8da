package io.slipway.gateway.errors;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** RFC 9457, the platform's own shape; also for all that no other shape wants. */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
public class ProblemJson implements ErrorShape {

  @Override
  public boolean isFor(String path) {
    return true;
  }

  @Override
  public String contentType() {
    return "application/problem+json";
  }

  @Override
  public Map<String, Object> body(Problem problem, Occasion occasion) {
    Map<String, Object> body = new LinkedHashMap<>();
    String slug = problem.code().toLowerCase(Locale.ROOT).replace('_', '-');
    HttpStatus known = HttpStatus.resolve(problem.status());
    body.put("type", "urn:slipway:error:" + slug);
    body.put("title", known == null ? "Error" : known.getReasonPhrase());
    body.put("status", problem.status());
    body.put("detail", problem.detail());
    body.put("instance", occasion.path());
    body.put("code", problem.code());
    body.put("requestId", occasion.requestId());
    body.put("traceId", occasion.traceId());
    body.putAll(problem.properties());
    return body;
  }
}
