package io.slipway.kit.events;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.namastack.outbox.OutboxPayloadSerializer;
import java.lang.reflect.InvocationTargetException;
import java.util.Base64;

/** The outbox keeps text: base64 of a protobuf message. */
final class ProtobufPayloads implements OutboxPayloadSerializer {

  @Override
  public String serialize(Object payload) {
    return Base64.getEncoder().encodeToString(((Message) payload).toByteArray());
  }

  @Override
  public <T> T deserialize(String serialized, Class<T> type) {
    try {
      Message prototype = (Message) type.getMethod("getDefaultInstance").invoke(null);
      return type.cast(
          prototype.getParserForType().parseFrom(Base64.getDecoder().decode(serialized)));
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(type + " is not a protobuf message.", e);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("The outbox holds a " + type + " that cannot be read.", e);
    }
  }
}
