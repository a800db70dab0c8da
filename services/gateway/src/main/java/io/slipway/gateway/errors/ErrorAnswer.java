package io.slipway.gateway.errors;

import io.grpc.StatusException;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.slipway.gateway.GatewayProperties;
import io.slipway.gateway.errors.ErrorShape.Occasion;
import io.slipway.kit.errors.ErrorAnswers;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import tools.jackson.databind.json.JsonMapper;

/** Answers a request with an error, in the shape of the protocol that it speaks. */
@Component
public class ErrorAnswer {

  private static final Logger log = LoggerFactory.getLogger(ErrorAnswer.class);

  private final List<ErrorShape> shapes;
  private final GatewayProperties properties;
  private final ErrorAnswers unexpected;
  private final Tracer tracer;
  private final JsonMapper json;

  ErrorAnswer(
      List<ErrorShape> shapes,
      GatewayProperties properties,
      ErrorAnswers unexpected,
      Tracer tracer,
      JsonMapper json) {
    this.shapes = shapes;
    this.properties = properties;
    this.unexpected = unexpected;
    this.tracer = tracer;
    this.json = json;
  }

  /** Writes the answer, unless one has already begun. */
  public void write(HttpServletRequest request, HttpServletResponse response, Exception failure)
      throws IOException {
    if (response.isCommitted()) {
      log.info("An answer to {} broke off: {}", request.getRequestURI(), failure.toString());
      return;
    }
    Problem problem = problem(request, failure);
    ErrorShape shape = shape(request.getRequestURI());
    byte[] body = json.writeValueAsBytes(shape.body(problem, occasion(request, response)));
    response.resetBuffer();
    response.setStatus(shape.status(problem));
    problem.headers().forEach(response::setHeader);
    response.setContentType(shape.contentType());
    response.setContentLength(body.length);
    LeftoverBody leftover = LeftoverBody.of(request);
    if (leftover.isLarge()) {
      response.setHeader("Connection", "close");
    }
    response.getOutputStream().write(body);
    response.flushBuffer();
    leftover.discard();
  }

  /** The error as one line of JSON in the platform's own shape, for a stream that has begun. */
  public String asJson(
      HttpServletRequest request, HttpServletResponse response, Exception failure) {
    return json.writeValueAsString(
        new ProblemJson().body(problem(request, failure), occasion(request, response)));
  }

  private ErrorShape shape(String path) {
    return shapes.stream().filter(shape -> shape.isFor(path)).findFirst().orElseThrow();
  }

  private Occasion occasion(HttpServletRequest request, HttpServletResponse response) {
    String requestId = response.getHeader("X-Request-Id");
    Span span = tracer.currentSpan();
    return new Occasion(
        request.getRequestURI(),
        requestId == null ? "" : requestId,
        span == null ? "" : span.context().traceId());
  }

  private Problem problem(HttpServletRequest request, Exception failure) {
    if (failure instanceof HttpError error) {
      return error.problem();
    }
    if (failure instanceof ErrorResponse framework) {
      return frameworks(request, framework);
    }
    SlipwayException known = GrpcErrors.find(failure);
    if (known == null && failure instanceof IOException) {
      return HttpError.of(400, "The body could not be read to its end.").problem();
    }
    return Problem.of(known == null ? hidden(failure) : known, properties.loadingRetryAfter());
  }

  private static Problem frameworks(HttpServletRequest request, ErrorResponse error) {
    int status = error.getStatusCode().value();
    String detail = error.getBody().getDetail();
    HttpError ours =
        switch (status) {
          case 404 -> HttpError.noSuchPath(request.getMethod(), request.getRequestURI());
          case 405 ->
              HttpError.methodNotAllowed(
                  request.getMethod(),
                  request.getRequestURI(),
                  String.valueOf(error.getHeaders().getFirst("Allow")));
          default ->
              HttpError.of(status, detail == null ? "The request cannot be served." : detail);
        };
    return ours.problem();
  }

  /** The kit logs a failure that nobody expected, and knows a database that is away. */
  private SlipwayException hidden(Exception failure) {
    StatusException answer = unexpected.handleException(failure);
    return answer == null
        ? new SlipwayException(ErrorCode.INTERNAL, "The gateway failed unexpectedly.")
        : Problem.ofCall(answer, "The gateway");
  }
}
