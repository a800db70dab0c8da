package io.slipway.kit.identity;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/**
 * Adds the platform's credentials, and the current caller where there is one, to every outgoing
 * call.
 */
public final class CallerClientInterceptor implements ClientInterceptor {

  private final PlatformCredentials credentials;

  public CallerClientInterceptor(PlatformCredentials credentials) {
    this.credentials = credentials;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    Caller caller = Caller.currentOrNull();
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        headers.put(PlatformCredentials.AUTHORIZATION, credentials.header());
        if (caller != null) {
          headers.put(PlatformCredentials.TENANT, caller.tenant());
          headers.put(PlatformCredentials.PRINCIPAL, caller.principal());
        }
        super.start(listener, headers);
      }
    };
  }
}
