package io.slipway.kit.errors;

import io.grpc.Status;

/**
 * The reasons for which the platform says no. A code is stable: clients may depend on it. Its kind
 * says whose turn it is.
 */
public enum ErrorCode {
  INVALID_ARGUMENT(Kind.CALLER, Status.Code.INVALID_ARGUMENT),
  UNAUTHENTICATED(Kind.CALLER, Status.Code.UNAUTHENTICATED),
  PERMISSION_DENIED(Kind.CALLER, Status.Code.PERMISSION_DENIED),
  NOT_FOUND(Kind.CALLER, Status.Code.NOT_FOUND),
  ALREADY_EXISTS(Kind.CALLER, Status.Code.ALREADY_EXISTS),
  /** A request id was used before, for another request. */
  REQUEST_ID_REUSED(Kind.CALLER, Status.Code.ALREADY_EXISTS),
  FAILED_PRECONDITION(Kind.CALLER, Status.Code.FAILED_PRECONDITION),
  CANCELLED(Kind.CALLER, Status.Code.CANCELLED),

  REPOSITORY_NOT_FOUND(Kind.CALLER, Status.Code.NOT_FOUND),
  REVISION_NOT_FOUND(Kind.CALLER, Status.Code.NOT_FOUND),
  REPOSITORY_GATED(Kind.CALLER, Status.Code.PERMISSION_DENIED),
  UNSUPPORTED_ARCHITECTURE(Kind.CALLER, Status.Code.FAILED_PRECONDITION),
  PICKLED_WEIGHTS_ONLY(Kind.CALLER, Status.Code.FAILED_PRECONDITION),
  MALFORMED_MODEL(Kind.CALLER, Status.Code.FAILED_PRECONDITION),
  MALFORMED_DATASET(Kind.CALLER, Status.Code.INVALID_ARGUMENT),
  MISSING_COLUMN(Kind.CALLER, Status.Code.INVALID_ARGUMENT),
  UNKNOWN_LABEL(Kind.CALLER, Status.Code.INVALID_ARGUMENT),
  ONE_CLASS_ONLY(Kind.CALLER, Status.Code.INVALID_ARGUMENT),
  TRAINING_DIVERGED(Kind.CALLER, Status.Code.FAILED_PRECONDITION),
  VERSION_PINNED(Kind.CALLER, Status.Code.FAILED_PRECONDITION),
  TOO_LARGE(Kind.CALLER, Status.Code.OUT_OF_RANGE),

  /** A newer attempt has taken the job, or it has ended: stop, and leave everything as it is. */
  STALE_ATTEMPT(Kind.PLATFORM, Status.Code.ABORTED),
  /** A download does not have the checksum that the hub announced. */
  CHECKSUM_MISMATCH(Kind.PLATFORM, Status.Code.DATA_LOSS),
  INTERNAL(Kind.PLATFORM, Status.Code.INTERNAL),

  HUB_UNREACHABLE(Kind.RESOURCES, Status.Code.UNAVAILABLE),
  MODEL_LOADING(Kind.RESOURCES, Status.Code.UNAVAILABLE),
  MODEL_QUARANTINED(Kind.RESOURCES, Status.Code.FAILED_PRECONDITION),
  MODEL_LOAD_FAILED(Kind.CALLER, Status.Code.FAILED_PRECONDITION),
  NO_COMPUTE(Kind.RESOURCES, Status.Code.RESOURCE_EXHAUSTED),
  QUEUE_FULL(Kind.RESOURCES, Status.Code.RESOURCE_EXHAUSTED),
  WORKER_LOST(Kind.RESOURCES, Status.Code.UNAVAILABLE),
  TOO_MANY_ATTEMPTS(Kind.PLATFORM, Status.Code.ABORTED),
  NO_SPACE(Kind.RESOURCES, Status.Code.RESOURCE_EXHAUSTED),
  UNAVAILABLE(Kind.RESOURCES, Status.Code.UNAVAILABLE),
  DEADLINE_EXCEEDED(Kind.RESOURCES, Status.Code.DEADLINE_EXCEEDED);

  /** Whose fault it is, and so what to do about it. */
  public enum Kind {
    /** Change the request. */
    CALLER,
    /** Report it. */
    PLATFORM,
    /** Try again later, or give the platform more. */
    RESOURCES
  }

  private final Kind kind;
  private final Status.Code grpcCode;

  ErrorCode(Kind kind, Status.Code grpcCode) {
    this.kind = kind;
    this.grpcCode = grpcCode;
  }

  public Kind kind() {
    return kind;
  }

  public Status.Code grpcCode() {
    return grpcCode;
  }

  /** Whether the same request may succeed later without a change. */
  public boolean isTransient() {
    return grpcCode == Status.Code.UNAVAILABLE
        || grpcCode == Status.Code.DEADLINE_EXCEEDED
        || grpcCode == Status.Code.RESOURCE_EXHAUSTED
        || this == CHECKSUM_MISMATCH;
  }
}
