package io.slipway.gateway.errors;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/** Gives what a handler throws to {@link ErrorAnswer}. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class ErrorResolver implements HandlerExceptionResolver {

  private final ErrorAnswer answer;

  ErrorResolver(ErrorAnswer answer) {
    this.answer = answer;
  }

  @Override
  public ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception failure) {
    try {
      answer.write(request, response, failure);
      return new ModelAndView();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
