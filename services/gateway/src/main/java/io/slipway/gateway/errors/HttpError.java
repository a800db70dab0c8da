package io.slipway.gateway.errors;

import java.time.Duration;
import java.util.Map;
import org.springframework.util.unit.DataSize;

/** A refusal that only HTTP knows; what the platform itself refuses is a SlipwayException. */
public final class HttpError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  private HttpError(Problem problem) {
    super(problem.detail());
    this.problem = problem;
  }

  public static HttpError noSuchPath(String method, String path) {
    return new HttpError(
        new Problem(
            404, "NOT_FOUND", "There is no " + method + " " + path + "; see /v3/api-docs."));
  }

  public static HttpError methodNotAllowed(String method, String path, String allowed) {
    String detail = path + " does not take " + method + "; it takes " + allowed + ".";
    return new HttpError(
        new Problem(405, "METHOD_NOT_ALLOWED", detail, Map.of("Allow", allowed), Map.of()));
  }

  public static HttpError unsupportedMediaType(String given, String expected) {
    return new HttpError(
        new Problem(
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "The body is of type " + given + "; it must be " + expected + "."));
  }

  public static HttpError tooLarge(String given, DataSize limit) {
    return new HttpError(
        new Problem(
            413,
            "TOO_LARGE",
            "The body has " + given + "; at most " + limit.toBytes() + " bytes are taken."));
  }

  public static HttpError urlTooLong(int given, DataSize limit) {
    return new HttpError(
        new Problem(
            414,
            "URL_TOO_LONG",
            "The URL has " + given + " characters; at most " + limit.toBytes() + " are taken."));
  }

  public static HttpError headersTooLarge(long given, DataSize limit) {
    return new HttpError(
        new Problem(
            431,
            "HEADERS_TOO_LARGE",
            "The headers have " + given + " bytes; at most " + limit.toBytes() + " are taken."));
  }

  public static HttpError tooManyRequests(int limit, Duration retryAfter) {
    return new HttpError(
        new Problem(
            429,
            "TOO_MANY_REQUESTS",
            "This key has " + limit + " requests in flight, which is as many as it may have.",
            Map.of("Retry-After", Long.toString(retryAfter.toSeconds())),
            Map.of()));
  }

  /**
   * @param challenge value of the WWW-Authenticate header
   */
  public static HttpError unauthenticated(String detail, String challenge) {
    return new HttpError(
        new Problem(
            401, "UNAUTHENTICATED", detail, Map.of("WWW-Authenticate", challenge), Map.of()));
  }

  /** A body of the right form whose content a foreign protocol does not know. */
  public static HttpError unprocessable(String detail) {
    return new HttpError(new Problem(422, "INVALID_INPUT", detail));
  }

  /** An error that the framework has already given a status. */
  public static HttpError of(int status, String detail) {
    return new HttpError(new Problem(status, "HTTP_" + status, detail));
  }

  public Problem problem() {
    return problem;
  }
}
