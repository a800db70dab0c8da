package io.slipway.gateway.errors;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Errors that the servlet container reports by itself. */
@Controller
class ErrorPage implements ErrorController {

  private final ErrorAnswer answer;

  ErrorPage(ErrorAnswer answer) {
    this.answer = answer;
  }

  @RequestMapping("/error")
  void show(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Integer status = (Integer) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    answer.write(
        request,
        response,
        HttpError.of(status == null ? 404 : status, "The request cannot be served."));
  }
}
