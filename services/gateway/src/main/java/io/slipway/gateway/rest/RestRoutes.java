package io.slipway.gateway.rest;

import io.slipway.gateway.errors.HttpError;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.handler.AbstractHandlerMapping;

/**
 * All endpoints of the gateway, in one table. Paths outside {@code /slipway} and {@code /models}
 * are left to the framework: health, metrics, the API's documentation.
 */
@Component
public class RestRoutes extends AbstractHandlerMapping {

  private final List<RestEndpoint> endpoints;

  RestRoutes(List<RestEndpoint.Source> sources) {
    this.endpoints = sources.stream().flatMap(source -> source.endpoints().stream()).toList();
    setOrder(Ordered.HIGHEST_PRECEDENCE);
  }

  public List<RestEndpoint> endpoints() {
    return endpoints;
  }

  @Override
  protected @Nullable Object getHandlerInternal(HttpServletRequest request) {
    RequestPath path = RequestPath.parse(request.getRequestURI());
    if (path.segments().isEmpty() || !isOurs(path.segments().getFirst())) {
      return null;
    }
    TreeSet<String> otherMethods = new TreeSet<>();
    for (RestEndpoint endpoint : endpoints) {
      var variables = endpoint.path().match(path);
      if (variables.isPresent()) {
        if (endpoint.method().equals(request.getMethod())) {
          return handler(endpoint, variables.get(), request);
        }
        otherMethods.add(endpoint.method());
      }
    }
    if (!otherMethods.isEmpty()) {
      throw HttpError.methodNotAllowed(
          request.getMethod(), request.getRequestURI(), String.join(", ", otherMethods));
    }
    throw HttpError.noSuchPath(request.getMethod(), request.getRequestURI());
  }

  private static boolean isOurs(String firstSegment) {
    return firstSegment.equals("slipway") || firstSegment.equals("models");
  }

  private static HttpRequestHandler handler(
      RestEndpoint endpoint, Map<String, String> variables, HttpServletRequest request) {
    // Metrics and traces name the template, not each path.
    request.setAttribute(
        HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, endpoint.path().toString());
    return (req, response) -> endpoint.handler().handle(new RestCall(req, response, variables));
  }
}
