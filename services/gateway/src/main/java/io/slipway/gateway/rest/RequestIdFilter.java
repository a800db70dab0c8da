package io.slipway.gateway.rest;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Gives each request an id (the client's, or a new one), says it in the answer, and writes the
 * access log. The trace id is in the line's context.
 */
@Component
@Order(RequestIdFilter.ORDER)
public class RequestIdFilter extends OncePerRequestFilter {

  /** After the framework's filter that opens the trace. */
  static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 10;

  /** The header with the id of the request, on the way in and out. */
  public static final String HEADER = "X-Request-Id";

  private static final Pattern ACCEPTABLE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");
  private static final Logger access = LoggerFactory.getLogger("io.slipway.gateway.access");

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    long begin = System.nanoTime();
    String given = request.getHeader(HEADER);
    boolean acceptable = given != null && ACCEPTABLE.matcher(given).matches();
    String id = acceptable ? given : UUID.randomUUID().toString();
    response.setHeader(HEADER, id);
    try (var _ = MDC.putCloseable("requestId", id)) {
      chain.doFilter(request, response);
      log(request, response.getStatus(), begin);
    }
  }

  private static void log(HttpServletRequest request, int status, long begin) {
    long millis = (System.nanoTime() - begin) / 1_000_000;
    String path = request.getRequestURI();
    if (path.startsWith("/actuator/health")) {
      access.debug("{} {} {} {} ms", request.getMethod(), path, status, millis);
    } else {
      // The query may hold what a user searches for, so it is left out.
      access.info(
          "{} {} {} {} ms from {} by {}",
          request.getMethod(),
          path,
          status,
          millis,
          request.getRemoteAddr(),
          request.getAttribute("slipway.principal"));
    }
  }
}
