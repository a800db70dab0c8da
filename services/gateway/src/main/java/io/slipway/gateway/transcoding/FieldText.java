package io.slipway.gateway.transcoding;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.slipway.kit.errors.SlipwayException;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Values of fields out of the text of a path or a query. */
final class FieldText {

  private static final Set<String> TEXTUAL_MESSAGES =
      Set.of(
          "google.protobuf.Timestamp",
          "google.protobuf.Duration",
          "google.protobuf.FieldMask",
          "google.protobuf.StringValue",
          "google.protobuf.BoolValue",
          "google.protobuf.Int32Value",
          "google.protobuf.Int64Value",
          "google.protobuf.DoubleValue");

  private FieldText() {}

  static Object read(FieldDescriptor field, String text, String source) {
    try {
      return switch (field.getJavaType()) {
        case STRING -> text;
        case INT -> isUnsigned(field) ? Integer.parseUnsignedInt(text) : Integer.parseInt(text);
        case LONG -> isUnsigned(field) ? Long.parseUnsignedLong(text) : Long.parseLong(text);
        case FLOAT -> Float.parseFloat(text);
        case DOUBLE -> Double.parseDouble(text);
        case BOOLEAN -> readBoolean(text);
        case BYTE_STRING -> ByteString.copyFrom(Base64.getUrlDecoder().decode(text));
        case ENUM -> readEnum(field.getEnumType(), text);
        case MESSAGE -> readMessage(field, text);
      };
    } catch (IllegalArgumentException mismatch) {
      throw SlipwayException.invalid(
          source + " is \"" + text + "\"; it must be " + expected(field) + ".");
    }
  }

  private static boolean isUnsigned(FieldDescriptor field) {
    return switch (field.getType()) {
      case UINT32, UINT64, FIXED32, FIXED64 -> true;
      default -> false;
    };
  }

  private static boolean readBoolean(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static EnumValueDescriptor readEnum(EnumDescriptor type, String text) {
    EnumValueDescriptor value = type.findValueByName(text);
    if (value == null && text.matches("\\d{1,9}")) {
      value = type.findValueByNumber(Integer.parseInt(text));
    }
    if (value == null) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }

  /** Messages that JSON writes as one value, such as a timestamp. */
  private static Message readMessage(FieldDescriptor field, String text) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(field.getMessageType());
    if (!TEXTUAL_MESSAGES.contains(field.getMessageType().getFullName())) {
      throw new IllegalArgumentException(text);
    }
    try {
      JsonFormat.parser()
          .merge('"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"', message);
    } catch (InvalidProtocolBufferException mismatch) {
      throw new IllegalArgumentException(mismatch);
    }
    return message.build();
  }

  private static String expected(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case STRING -> "a string";
      case INT -> "a 32-bit integer";
      case LONG -> "a 64-bit integer";
      case FLOAT, DOUBLE -> "a number";
      case BOOLEAN -> "true or false";
      case BYTE_STRING -> "base64url";
      case ENUM ->
          field.getEnumType().getValues().stream()
              .map(EnumValueDescriptor::getName)
              .collect(Collectors.joining(", ", "one of ", ""));
      case MESSAGE ->
          "a " + field.getMessageType().getName().toLowerCase(Locale.ROOT) + " as JSON writes it";
    };
  }
}
