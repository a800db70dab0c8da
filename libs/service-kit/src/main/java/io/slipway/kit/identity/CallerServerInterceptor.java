package io.slipway.kit.identity;

import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;

/**
 * Lets in only the platform's own processes (and health checks), and makes the tenant that they
 * name the caller.
 */
public final class CallerServerInterceptor implements ServerInterceptor {

  private static final String HEALTH = "grpc.health.v1.Health";

  private final PlatformCredentials credentials;

  public CallerServerInterceptor(PlatformCredentials credentials) {
    this.credentials = credentials;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (HEALTH.equals(call.getMethodDescriptor().getServiceName())) {
      return next.startCall(call, headers);
    }
    if (!credentials.matches(headers.get(PlatformCredentials.AUTHORIZATION))) {
      var refusal =
          GrpcErrors.toException(
              new SlipwayException(
                  ErrorCode.UNAUTHENTICATED,
                  "This port is for the platform's own services; call the gateway."));
      call.close(
          refusal.getStatus(),
          refusal.getTrailers() == null ? new Metadata() : refusal.getTrailers());
      return new ServerCall.Listener<>() {};
    }
    String tenant = headers.get(PlatformCredentials.TENANT);
    if (tenant == null) {
      return next.startCall(call, headers);
    }
    String principal = headers.get(PlatformCredentials.PRINCIPAL);
    Caller caller = new Caller(tenant, principal == null ? "services/unknown" : principal);
    return Contexts.interceptCall(caller.inContext(), call, headers, next);
  }
}
