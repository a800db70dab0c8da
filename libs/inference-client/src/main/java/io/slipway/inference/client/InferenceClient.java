package io.slipway.inference.client;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.deployment.v1.Replica;
import io.slipway.inference.v1.PredictRequest;
import io.slipway.inference.v1.PredictResponse;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Calls a model on the replica with the fewest calls in flight, and once more on another one when
 * that cannot answer. Safe for many threads; one for a whole process is enough.
 */
public final class InferenceClient implements AutoCloseable {

  private static final String CALLS = "slipway.inference.client.calls";
  private static final String RETRIES = "slipway.inference.client.retries";

  private final ReplicaPool pool;
  private final MeterRegistry meters;

  /**
   * @param interceptors of every call; one of them gives the platform's credentials ({@link
   *     io.slipway.kit.identity.CallerClientInterceptor})
   */
  public InferenceClient(
      InferenceClientSettings settings,
      List<ClientInterceptor> interceptors,
      MeterRegistry meters) {
    this.pool = new ReplicaPool(settings, interceptors);
    this.meters = meters;
  }

  /**
   * Blocks until a replica has answered. Cancelling the current gRPC context, or interrupting the
   * thread, cancels the call; the thread stays interrupted.
   *
   * @param replicas where the model is loaded
   * @param request its model is the id under which the workers know it
   * @param deadline for everything, the second try included
   * @throws SlipwayException MODEL_LOADING without replicas, UNAVAILABLE when all of them are being
   *     passed over, WORKER_LOST, DEADLINE_EXCEEDED, CANCELLED, or what the worker answered
   */
  public PredictResponse predict(
      List<Replica> replicas, PredictRequest request, Duration deadline) {
    long begin = System.nanoTime();
    String code = "OK";
    try {
      return predictBefore(begin + deadline.toNanos(), replicas, request);
    } catch (SlipwayException failure) {
      code = failure.code().name();
      throw failure;
    } finally {
      meters.timer(CALLS, "code", code).record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
    }
  }

  private PredictResponse predictBefore(
      long endNanos, List<Replica> replicas, PredictRequest request) {
    if (replicas.isEmpty()) {
      throw new SlipwayException(
          ErrorCode.MODEL_LOADING,
          "%s has no replica that is ready; it is being loaded. Try again in a moment."
              .formatted(request.getModel()));
    }
    Optional<ReplicaConnection> first = pool.pick(replicas);
    if (first.isEmpty()) {
      throw new SlipwayException(
          ErrorCode.UNAVAILABLE,
          "All %d replicas of %s have failed lately and are left alone for a moment. Try again."
              .formatted(replicas.size(), request.getModel()));
    }
    Attempt attempt = attempt(first.get(), request, endNanos);
    return switch (attempt) {
      case Answered(var response) -> response;
      case Failed failed -> retry(failed, first.get().replica(), replicas, request, endNanos);
    };
  }

  private PredictResponse retry(
      Failed failed, Replica tried, List<Replica> replicas, PredictRequest request, long endNanos) {
    if (!failed.elsewhere() || endNanos - System.nanoTime() <= 0) {
      throw failed.error();
    }
    List<Replica> others = replicas.stream().filter(replica -> !replica.equals(tried)).toList();
    if (others.isEmpty() && failed.sent()) {
      throw failed.error();
    }
    ReplicaConnection second =
        pool.pick(others.isEmpty() ? List.of(tried) : others).orElseThrow(failed::error);
    meters.counter(RETRIES).increment();
    return switch (attempt(second, request, endNanos)) {
      case Answered(var response) -> response;
      case Failed again -> throw again.error();
    };
  }

  private sealed interface Attempt {}

  private record Answered(PredictResponse response) implements Attempt {}

  /**
   * @param elsewhere whether another replica may do better
   * @param sent whether the worker may have seen the request
   */
  private record Failed(SlipwayException error, boolean elsewhere, boolean sent)
      implements Attempt {}

  private Attempt attempt(ReplicaConnection connection, PredictRequest request, long endNanos) {
    CircuitBreaker breaker = connection.breaker();
    SendWatch watch = new SendWatch();
    long begin = breaker.getCurrentTimestamp();
    boolean judged = false;
    try {
      PredictResponse response =
          connection.predict(request, watch, Math.max(0, endNanos - System.nanoTime()));
      breaker.onSuccess(breaker.getCurrentTimestamp() - begin, breaker.getTimestampUnit());
      judged = true;
      return new Answered(response);
    } catch (StatusRuntimeException failure) {
      if (Context.current().isCancelled() || Thread.currentThread().isInterrupted()) {
        return new Failed(cancelled(failure), false, watch.sent());
      }
      SlipwayException error = describe(failure, connection.replica());
      long duration = breaker.getCurrentTimestamp() - begin;
      if (countsAgainst(error.code())) {
        breaker.onError(duration, breaker.getTimestampUnit(), failure);
      } else {
        breaker.onSuccess(duration, breaker.getTimestampUnit());
      }
      judged = true;
      return new Failed(error, mayDoBetterElsewhere(error.code()), watch.sent());
    } finally {
      if (!judged) {
        breaker.releasePermission();
      }
      pool.release(connection);
    }
  }

  private static SlipwayException cancelled(StatusRuntimeException failure) {
    return failure.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED
        ? new SlipwayException(
            ErrorCode.DEADLINE_EXCEEDED, "The caller's deadline has passed.", failure)
        : new SlipwayException(ErrorCode.CANCELLED, "The caller has cancelled the call.", failure);
  }

  private static SlipwayException describe(StatusRuntimeException failure, Replica replica) {
    SlipwayException error = GrpcErrors.fromException(failure);
    String worker = replica.getWorkerId() + " at " + replica.getAddress();
    if (error.code() == ErrorCode.DEADLINE_EXCEEDED) {
      return new SlipwayException(
          ErrorCode.DEADLINE_EXCEEDED,
          "Worker %s did not answer before the deadline.".formatted(worker),
          failure);
    }
    if (isConnectionLoss(failure)) {
      return new SlipwayException(
          ErrorCode.WORKER_LOST,
          "The connection to worker %s failed: %s".formatted(worker, error.reason()),
          failure);
    }
    return error;
  }

  /** A worker's own answer says why in its details; a connection that failed has none. */
  private static boolean isConnectionLoss(StatusRuntimeException failure) {
    com.google.rpc.Status status = StatusProto.fromThrowable(failure);
    return (status == null || status.getDetailsCount() == 0)
        && switch (failure.getStatus().getCode()) {
          // A worker that ends before its calls have been answered cancels them. One that is killed
          // leaves half an answer, or a channel that closes while it is written to: INTERNAL and
          // UNKNOWN to gRPC.
          case UNAVAILABLE, CANCELLED, INTERNAL, UNKNOWN -> true;
          default -> false;
        };
  }

  private static boolean countsAgainst(ErrorCode code) {
    return switch (code) {
      case WORKER_LOST, UNAVAILABLE, INTERNAL, DEADLINE_EXCEEDED -> true;
      default -> false;
    };
  }

  private static boolean mayDoBetterElsewhere(ErrorCode code) {
    return code.grpcCode() == Status.Code.UNAVAILABLE || code == ErrorCode.NOT_FOUND;
  }

  /** Connections that are open; for tests. */
  int connections() {
    return pool.size();
  }

  /** Cancels the calls in flight and closes the connections. */
  @Override
  public void close() {
    pool.close();
  }
}
