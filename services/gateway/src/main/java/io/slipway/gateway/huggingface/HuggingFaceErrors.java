package io.slipway.gateway.huggingface;

import io.slipway.gateway.errors.ErrorShape;
import io.slipway.gateway.errors.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Errors as Hugging Face's inference API writes them: {@code {"error": "..."}}, and with 503 the
 * seconds after which a retry may succeed.
 */
@Component
@Order(0)
class HuggingFaceErrors implements ErrorShape {

  @Override
  public boolean isFor(String path) {
    return path.startsWith("/models/");
  }

  @Override
  public String contentType() {
    return "application/json";
  }

  @Override
  public Map<String, Object> body(Problem problem, Occasion occasion) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("error", problem.detail());
    String retryAfter = problem.headers().get("Retry-After");
    if (problem.status() == 503 && retryAfter != null) {
      body.put("estimated_time", Double.parseDouble(retryAfter));
    }
    return body;
  }
}
