package io.slipway.kit.errors;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Errors on the wire: a {@code google.rpc.Status} whose {@code ErrorInfo.reason} is the {@link
 * ErrorCode} (AIP-193).
 */
public final class GrpcErrors {

  private static final String DOMAIN = "slipway";

  private GrpcErrors() {}

  /** What a job keeps and what a call ends with. */
  public static Status toStatus(ErrorCode code, String message) {
    return Status.newBuilder()
        .setCode(code.grpcCode().value())
        .setMessage(message)
        .addDetails(
            Any.pack(ErrorInfo.newBuilder().setReason(code.name()).setDomain(DOMAIN).build()))
        .build();
  }

  public static Status toStatus(SlipwayException error) {
    return toStatus(error.code(), error.reason());
  }

  public static StatusException toException(SlipwayException error) {
    return StatusProto.toStatusException(toStatus(error));
  }

  /**
   * The code that an error on the wire names, or the nearest to its gRPC code when it names none of
   * ours.
   */
  public static ErrorCode codeOf(Status status) {
    for (Any detail : status.getDetailsList()) {
      if (detail.is(ErrorInfo.class)) {
        try {
          String reason = detail.unpack(ErrorInfo.class).getReason();
          Optional<ErrorCode> code =
              Arrays.stream(ErrorCode.values()).filter(c -> c.name().equals(reason)).findFirst();
          if (code.isPresent()) {
            return code.get();
          }
        } catch (InvalidProtocolBufferException malformed) {
          return ErrorCode.INTERNAL;
        }
      }
    }
    return nearest(io.grpc.Status.fromCodeValue(status.getCode()).getCode());
  }

  /** An error that another service answered with, as if it had been thrown here. */
  public static SlipwayException fromException(StatusRuntimeException failure) {
    Status status = StatusProto.fromThrowable(failure);
    if (status == null) {
      return new SlipwayException(ErrorCode.INTERNAL, "A call failed without a status.", failure);
    }
    return new SlipwayException(codeOf(status), status.getMessage(), failure);
  }

  /**
   * The status of a failed call, with its code; a call that failed for want of a connection is
   * UNAVAILABLE.
   */
  public static @Nullable SlipwayException find(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SlipwayException ours) {
        return ours;
      }
      if (t instanceof StatusRuntimeException call) {
        return fromException(call);
      }
    }
    return null;
  }

  private static ErrorCode nearest(io.grpc.Status.Code code) {
    return switch (code) {
      case INVALID_ARGUMENT -> ErrorCode.INVALID_ARGUMENT;
      case UNAUTHENTICATED -> ErrorCode.UNAUTHENTICATED;
      case PERMISSION_DENIED -> ErrorCode.PERMISSION_DENIED;
      case NOT_FOUND -> ErrorCode.NOT_FOUND;
      case ALREADY_EXISTS -> ErrorCode.ALREADY_EXISTS;
      case FAILED_PRECONDITION -> ErrorCode.FAILED_PRECONDITION;
      case CANCELLED -> ErrorCode.CANCELLED;
      case OUT_OF_RANGE -> ErrorCode.TOO_LARGE;
      case ABORTED -> ErrorCode.STALE_ATTEMPT;
      case RESOURCE_EXHAUSTED -> ErrorCode.QUEUE_FULL;
      case UNAVAILABLE -> ErrorCode.UNAVAILABLE;
      case DEADLINE_EXCEEDED -> ErrorCode.DEADLINE_EXCEEDED;
      case OK, UNKNOWN, UNIMPLEMENTED, INTERNAL, DATA_LOSS -> ErrorCode.INTERNAL;
    };
  }
}
