package io.slipway.gateway.keys;

import io.grpc.Context;
import io.slipway.gateway.errors.ErrorAnswer;
import io.slipway.gateway.errors.HttpError;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.identity.Caller;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets in who shows a key, and makes its tenant the caller of everything that follows. Open are
 * only health and the API's documentation.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 30)
class ApiKeyFilter extends OncePerRequestFilter {

  private static final List<String> OPEN =
      List.of("/actuator/health", "/v3/api-docs", "/swagger-ui", "/swagger-ui.html");
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Authentication authentication;
  private final RequestsInFlight inFlight;
  private final ErrorAnswer errors;

  ApiKeyFilter(Authentication authentication, RequestsInFlight inFlight, ErrorAnswer errors) {
    this.authentication = authentication;
    this.inFlight = inFlight;
    this.errors = errors;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String path = request.getRequestURI();
    return OPEN.stream().anyMatch(open -> path.equals(open) || path.startsWith(open + "/"));
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Caller caller;
    try {
      caller = authentication.caller(request.getHeader("Authorization"));
    } catch (SlipwayException refusal) {
      boolean shown = request.getHeader("Authorization") != null;
      String challenge = "Bearer realm=\"slipway\"" + (shown ? ", error=\"invalid_token\"" : "");
      errors.write(request, response, HttpError.unauthenticated(refusal.reason(), challenge));
      return;
    }
    request.setAttribute("slipway.principal", caller.principal());
    var permit = inFlight.begin(caller);
    if (permit.isEmpty()) {
      errors.write(request, response, HttpError.tooManyRequests(inFlight.limit(), RETRY_AFTER));
      return;
    }
    Context context = caller.inContext();
    Context previous = context.attach();
    try (var _ = permit.get()) {
      chain.doFilter(request, response);
    } finally {
      context.detach(previous);
    }
  }
}
