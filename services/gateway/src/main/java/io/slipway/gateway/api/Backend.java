package io.slipway.gateway.api;

import com.google.protobuf.Message;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Who answers the calls of a service. */
public sealed interface Backend {

  /**
   * Another service.
   *
   * @param name as it is called in errors
   */
  record Remote(String name, Channel channel) implements Backend {}

  /** The gateway itself; all its methods take one message and give one. */
  final class Local implements Backend {

    private final Map<String, Function<Message, Message>> methods = new HashMap<>();

    /** Adds a method. */
    public <Q extends Message, A extends Message> Local with(
        MethodDescriptor<Q, A> method, Class<Q> request, Function<Q, A> function) {
      methods.put(method.getFullMethodName(), message -> function.apply(request.cast(message)));
      return this;
    }

    public Message call(String fullMethodName, Message request) {
      Function<Message, Message> method = methods.get(fullMethodName);
      if (method == null) {
        throw new IllegalStateException("The gateway does not implement " + fullMethodName + ".");
      }
      return method.apply(request);
    }
  }
}
