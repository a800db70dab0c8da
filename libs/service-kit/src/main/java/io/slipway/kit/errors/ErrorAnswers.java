package io.slipway.kit.errors;

import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.grpc.server.exception.GrpcExceptionHandler;

/**
 * Turns what a gRPC method throws into what its caller reads. Only an INTERNAL error hides its
 * message, in the log.
 */
public final class ErrorAnswers implements GrpcExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(ErrorAnswers.class);

  @Override
  public @Nullable StatusException handleException(Throwable failure) {
    return GrpcErrors.toException(answer(failure));
  }

  private static SlipwayException answer(Throwable failure) {
    if (failure instanceof SlipwayException refusal) {
      return refusal;
    }
    if (failure instanceof StatusRuntimeException call) {
      return GrpcErrors.fromException(call);
    }
    if (isDatabaseDown(failure)) {
      log.warn("The database does not answer: {}", failure.toString());
      return new SlipwayException(
          ErrorCode.UNAVAILABLE,
          "The service cannot reach its database at the moment; nothing was changed. Try again.");
    }
    log.error("A call failed unexpectedly", failure);
    return new SlipwayException(
        ErrorCode.INTERNAL, "The service failed unexpectedly; its log says more.");
  }

  private static boolean isDatabaseDown(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        String state = sql.getSQLState();
        // Class 08: connection exceptions; 57P: the server is shutting down or starting.
        // The pool has no state for a connection that broke in the middle of a transaction.
        if (t instanceof java.sql.SQLTransientConnectionException
            || (state == null && "Connection is closed".equals(t.getMessage()))
            || (state != null && (state.startsWith("08") || state.startsWith("57P")))) {
          return true;
        }
      }
    }
    return false;
  }
}
