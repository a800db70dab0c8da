package io.slipway.gateway.transcoding;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.slipway.gateway.GatewayProperties;
import io.slipway.gateway.api.Backend;
import io.slipway.gateway.api.PublicApi;
import io.slipway.gateway.errors.Problem;
import io.slipway.gateway.rest.RestCall;
import io.slipway.gateway.rest.RestEndpoint;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** Serves every HTTP rule of the public API by calling the method that bears it. */
@Component
class TranscodingHandler implements RestEndpoint.Source {

  private final List<TranscodedMethod> methods;
  private final StreamedAnswers streams;
  private final GatewayProperties properties;

  TranscodingHandler(PublicApi api, StreamedAnswers streams, GatewayProperties properties) {
    this.streams = streams;
    this.properties = properties;
    this.methods =
        api.services().stream()
            .flatMap(service -> service.methods().stream())
            .flatMap(
                method ->
                    method.http().stream()
                        .map(rule -> new TranscodedMethod(method, HttpBinding.of(rule))))
            .toList();
  }

  @Override
  public List<RestEndpoint> endpoints() {
    return methods.stream()
        .map(
            method ->
                new RestEndpoint(
                    method.rule().method(), method.rule().path(), call -> handle(method, call)))
        .toList();
  }

  private void handle(TranscodedMethod transcoded, RestCall call) throws IOException {
    Message request = transcoded.request(call, properties.limits().body());
    switch (transcoded.method().backend()) {
      case Backend.Local local ->
          call.answerJson(
              MessageJson.print(
                  local.call(transcoded.method().grpc().getFullMethodName(), request)));
      case Backend.Remote remote -> {
        if (transcoded.method().streamsAnswers()) {
          streams.stream(remote, transcoded.method().grpc(), request, call);
        } else {
          call.answerJson(MessageJson.print(unary(remote, transcoded, request)));
        }
      }
    }
  }

  private Message unary(Backend.Remote remote, TranscodedMethod transcoded, Message request) {
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(
            properties.unaryDeadline().toMillis(), TimeUnit.MILLISECONDS);
    try {
      return ClientCalls.blockingUnaryCall(
          remote.channel(), transcoded.method().grpc(), options, request);
    } catch (StatusRuntimeException failure) {
      throw Problem.ofCall(failure, remote.name());
    }
  }
}
