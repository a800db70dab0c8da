package io.slipway.gateway.transcoding;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.ErrorDetailsProto;

/**
 * Messages as JSON on one line. Fields that are not set are written with their default, so that a
 * client need not know it.
 */
public final class MessageJson {

  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer()
          .alwaysPrintFieldsWithNoPresence()
          .omittingInsignificantWhitespace()
          // The details of a job's error.
          .usingTypeRegistry(
              TypeRegistry.newBuilder()
                  .add(ErrorDetailsProto.getDescriptor().getMessageTypes())
                  .build());

  private MessageJson() {}

  public static String print(Message message) {
    try {
      return PRINTER.print(message);
    } catch (InvalidProtocolBufferException unprintable) {
      throw new IllegalStateException(
          "A " + message.getDescriptorForType().getFullName() + " cannot be written as JSON.",
          unprintable);
    }
  }
}
