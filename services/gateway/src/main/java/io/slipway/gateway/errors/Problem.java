package io.slipway.gateway.errors;

import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import java.time.Duration;
import java.util.Map;

/**
 * An error as HTTP tells it, before a protocol has given it a shape.
 *
 * @param status of HTTP
 * @param code stable; clients may depend on it
 * @param detail names the offending value and what was expected
 * @param headers of the answer
 * @param properties further members of the body
 */
public record Problem(
    int status,
    String code,
    String detail,
    Map<String, String> headers,
    Map<String, Object> properties) {

  /** What is advised for what may pass soon. */
  private static final Duration SHORT_WHILE = Duration.ofSeconds(1);

  public Problem(int status, String code, String detail) {
    this(status, code, detail, Map.of(), Map.of());
  }

  static Problem of(SlipwayException error, Duration loadingRetryAfter) {
    int status = statusOf(error.code());
    boolean mayPass = status == 429 || status == 503;
    Duration wait = error.code() == ErrorCode.MODEL_LOADING ? loadingRetryAfter : SHORT_WHILE;
    Map<String, String> headers =
        mayPass ? Map.of("Retry-After", Long.toString(Math.max(1, wait.toSeconds()))) : Map.of();
    return new Problem(status, error.code().name(), error.reason(), headers, Map.of());
  }

  /** As {@link #ofCall(StatusRuntimeException, String)}. */
  public static SlipwayException ofCall(StatusException failure, String service) {
    return ofCall(new StatusRuntimeException(failure.getStatus(), failure.getTrailers()), service);
  }

  /**
   * A failed call to another service, as if it had been refused here.
   *
   * @param service named to the caller when it does not answer at all
   */
  public static SlipwayException ofCall(StatusRuntimeException failure, String service) {
    SlipwayException error = GrpcErrors.fromException(failure);
    var status = io.grpc.protobuf.StatusProto.fromThrowable(failure);
    boolean answered = status != null && status.getDetailsCount() > 0;
    if (answered) {
      return error;
    }
    return switch (error.code()) {
      case UNAVAILABLE ->
          new SlipwayException(
              ErrorCode.UNAVAILABLE, service + " cannot be reached at the moment.", failure);
      case DEADLINE_EXCEEDED ->
          new SlipwayException(
              ErrorCode.DEADLINE_EXCEEDED, service + " did not answer in time.", failure);
      default -> error;
    };
  }

  /**
   * FAILED_PRECONDITION is 409 and not 412: 412 answers an If-Match, which this API does not have.
   */
  static int statusOf(ErrorCode code) {
    if (code == ErrorCode.NO_SPACE) {
      return 507;
    }
    return switch (code.grpcCode()) {
      case INVALID_ARGUMENT -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS, FAILED_PRECONDITION, ABORTED -> 409;
      case OUT_OF_RANGE -> 413;
      case RESOURCE_EXHAUSTED -> 429;
      // Nobody reads it: the caller has gone.
      case CANCELLED -> 499;
      case UNIMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
      case OK, UNKNOWN, INTERNAL, DATA_LOSS -> 500;
    };
  }
}
