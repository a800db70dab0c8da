package io.slipway.gateway.transcoding;

import com.google.protobuf.Message;
import io.slipway.gateway.api.PublicMethod;
import io.slipway.gateway.rest.RequestBody;
import io.slipway.gateway.rest.RestCall;
import java.io.IOException;
import org.springframework.util.unit.DataSize;

/** A method under one of its HTTP rules. */
final class TranscodedMethod {

  private final PublicMethod method;
  private final HttpBinding rule;
  private final RequestBinding binding;

  TranscodedMethod(PublicMethod method, HttpBinding rule) {
    this.method = method;
    this.rule = rule;
    this.binding = new RequestBinding(rule, method.requestPrototype());
  }

  PublicMethod method() {
    return method;
  }

  HttpBinding rule() {
    return rule;
  }

  /** The request message of a call. */
  Message request(RestCall call, DataSize bodyLimit) throws IOException {
    String body = rule.hasBody() ? RequestBody.json(call.request(), bodyLimit) : "";
    return binding.bind(call.variables(), call.query(), body, call.idempotencyKey());
  }
}
