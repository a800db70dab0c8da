package io.slipway.gateway.rest;

import io.slipway.gateway.GatewayProperties;
import io.slipway.gateway.errors.ErrorAnswer;
import io.slipway.gateway.errors.HttpError;
import io.slipway.kit.errors.SlipwayException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses requests with a path, a URL or headers that no client of ours sends. */
@Component
@Order(RequestIdFilter.ORDER + 10)
class RequestLimitFilter extends OncePerRequestFilter {

  private final GatewayProperties.Limits limits;
  private final ErrorAnswer errors;

  RequestLimitFilter(GatewayProperties properties, ErrorAnswer errors) {
    this.limits = properties.limits();
    this.errors = errors;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try {
      check(request);
    } catch (HttpError | SlipwayException refusal) {
      errors.write(request, response, refusal);
      return;
    }
    chain.doFilter(request, response);
  }

  private void check(HttpServletRequest request) {
    String query = request.getQueryString();
    int url = request.getRequestURI().length() + (query == null ? 0 : query.length() + 1);
    if (url > limits.url().toBytes()) {
      throw HttpError.urlTooLong(url, limits.url());
    }
    long headers = 0;
    for (String name : Collections.list(request.getHeaderNames())) {
      for (String value : Collections.list(request.getHeaders(name))) {
        headers += name.length() + value.length() + 4L;
      }
    }
    if (headers > limits.headers().toBytes()) {
      throw HttpError.headersTooLarge(headers, limits.headers());
    }
    // What comes after this may compare paths, and does not meet one that can be read in two ways.
    RequestPath.parse(request.getRequestURI());
  }
}
