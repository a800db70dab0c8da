package io.slipway.imports.testing;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.slipway.kit.identity.Caller;

/** Makes every call as one caller, with the platform's credentials. */
record AsCaller(Caller caller, ClientInterceptor credentials) implements ClientInterceptor {

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return caller.call(() -> credentials.interceptCall(method, options, next));
  }
}
