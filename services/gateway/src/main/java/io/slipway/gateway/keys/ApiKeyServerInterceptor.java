package io.slipway.gateway.keys;

import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.identity.Caller;
import java.util.Set;
import org.springframework.stereotype.Component;

/** The key's check on the public gRPC port. Open are only health and reflection. */
@Component
public class ApiKeyServerInterceptor implements ServerInterceptor {

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Set<String> OPEN =
      Set.of(
          "grpc.health.v1.Health",
          "grpc.reflection.v1.ServerReflection",
          "grpc.reflection.v1alpha.ServerReflection");

  private final Authentication authentication;
  private final RequestsInFlight inFlight;

  ApiKeyServerInterceptor(Authentication authentication, RequestsInFlight inFlight) {
    this.authentication = authentication;
    this.inFlight = inFlight;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String service = call.getMethodDescriptor().getServiceName();
    if (service != null && OPEN.contains(service)) {
      return next.startCall(call, headers);
    }
    Caller caller;
    try {
      caller = authentication.caller(headers.get(AUTHORIZATION));
    } catch (SlipwayException refusal) {
      return refuse(call, refusal);
    }
    var permit = inFlight.begin(caller);
    if (permit.isEmpty()) {
      return refuse(
          call,
          new SlipwayException(
              ErrorCode.QUEUE_FULL,
              "This key has "
                  + inFlight.limit()
                  + " requests in flight, which is as many as it may have."));
    }
    return counted(caller, call, headers, next, permit.get());
  }

  /** Gives the permit back when the call has been answered or has broken off. */
  private static <Q, A> ServerCall.Listener<Q> counted(
      Caller caller,
      ServerCall<Q, A> call,
      Metadata headers,
      ServerCallHandler<Q, A> next,
      RequestsInFlight.Permit permit) {
    ServerCall<Q, A> counted =
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            permit.close();
            super.close(status, trailers);
          }
        };
    return new SimpleForwardingServerCallListener<>(
        Contexts.interceptCall(caller.inContext(), counted, headers, next)) {
      @Override
      public void onCancel() {
        permit.close();
        super.onCancel();
      }

      @Override
      public void onComplete() {
        permit.close();
        super.onComplete();
      }
    };
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(
      ServerCall<Q, A> call, SlipwayException refusal) {
    StatusException status = GrpcErrors.toException(refusal);
    Metadata trailers = status.getTrailers();
    call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
    return new ServerCall.Listener<>() {};
  }
}
