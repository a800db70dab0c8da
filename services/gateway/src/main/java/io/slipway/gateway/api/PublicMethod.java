package io.slipway.gateway.api;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.ArrayList;
import java.util.List;

/**
 * A method that anyone with a key may call.
 *
 * @param grpc how it is called
 * @param proto how it was declared
 * @param http its rules; empty for a method that is only for gRPC
 */
public record PublicMethod(
    MethodDescriptor<Message, Message> grpc,
    Descriptors.MethodDescriptor proto,
    List<HttpRule> http,
    Backend backend) {

  static PublicMethod of(MethodDescriptor<?, ?> method, Backend backend) {
    if (!(method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier supplier)) {
      throw new IllegalArgumentException(method.getFullMethodName() + " is not of protobuf.");
    }
    Descriptors.MethodDescriptor proto = supplier.getMethodDescriptor();
    List<HttpRule> rules = new ArrayList<>();
    if (proto.getOptions().hasExtension(AnnotationsProto.http)) {
      HttpRule rule = proto.getOptions().getExtension(AnnotationsProto.http);
      rules.add(rule);
      rules.addAll(rule.getAdditionalBindingsList());
    }
    return new PublicMethod(ofMessages(method), proto, rules, backend);
  }

  PublicMethod withRule(HttpRule rule) {
    return new PublicMethod(grpc, proto, List.of(rule), backend);
  }

  /** Every message of generated code is a Message. */
  @SuppressWarnings("unchecked")
  private static MethodDescriptor<Message, Message> ofMessages(MethodDescriptor<?, ?> method) {
    return (MethodDescriptor<Message, Message>) method;
  }

  /** An empty request. */
  public Message requestPrototype() {
    return (Message) ((PrototypeMarshaller<?>) grpc.getRequestMarshaller()).getMessagePrototype();
  }

  public boolean streamsAnswers() {
    return !grpc.getType().serverSendsOneMessage();
  }
}
