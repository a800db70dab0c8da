package io.slipway.gateway.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MapSchema;
import io.swagger.v3.oas.models.media.NumberSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Schemas of protobuf messages, by their JSON mapping (protobuf.dev/programming-guides/json). */
final class MessageSchemas {

  private final ProtoComments comments;

  @SuppressWarnings("rawtypes") // The library's own type for a schema of any kind.
  private final Map<String, Schema> named = new LinkedHashMap<>();

  MessageSchemas(ProtoComments comments) {
    this.comments = comments;
  }

  /** All messages that have been referred to, by full name. */
  @SuppressWarnings("rawtypes")
  Map<String, Schema> named() {
    return named;
  }

  /** A reference to a message's schema, or the schema itself where JSON writes a plain value. */
  Schema<?> of(Descriptor message) {
    return switch (message.getFullName()) {
      case "google.protobuf.Timestamp" -> new StringSchema().format("date-time");
      case "google.protobuf.Duration" -> new StringSchema().example("1.5s");
      case "google.protobuf.FieldMask" -> new StringSchema();
      case "google.protobuf.Struct", "google.protobuf.Any" ->
          new ObjectSchema().additionalProperties(true);
      case "google.protobuf.Empty" -> new ObjectSchema();
      default -> reference(message);
    };
  }

  private Schema<?> reference(Descriptor message) {
    String name = message.getFullName();
    if (!named.containsKey(name)) {
      ObjectSchema schema = new ObjectSchema();
      // Before its fields: a message may contain itself.
      named.put(name, schema);
      describe(schema, comments.of(name));
      for (FieldDescriptor field : message.getFields()) {
        schema.addProperty(field.getJsonName(), field(field));
      }
    }
    return new Schema<>().$ref("#/components/schemas/" + name);
  }

  /** As a property: repeated and map fields too. */
  Schema<?> field(FieldDescriptor field) {
    Schema<?> schema;
    if (field.isMapField()) {
      FieldDescriptor value = field.getMessageType().findFieldByName("value");
      schema = new MapSchema().additionalProperties(value(value));
    } else if (field.isRepeated()) {
      schema = new ArraySchema().items(value(field));
    } else {
      schema = value(field);
    }
    String comment = comments.of(field.getFullName());
    if (schema.get$ref() != null && !comment.isEmpty()) {
      // OpenAPI 3.0 ignores what stands beside a reference.
      Schema<?> described = new Schema<>().allOf(List.of(schema));
      described.setDescription(comment);
      return described;
    }
    describe(schema, comment);
    return schema;
  }

  private Schema<?> value(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case INT -> new IntegerSchema().format("int32");
      // JSON numbers lose the low digits of a long.
      case LONG -> new StringSchema().format("int64");
      case FLOAT, DOUBLE -> new NumberSchema().format("double");
      case BOOLEAN -> new BooleanSchema();
      case STRING -> new StringSchema();
      case BYTE_STRING -> new StringSchema().format("byte");
      case ENUM -> {
        StringSchema names = new StringSchema();
        field.getEnumType().getValues().stream()
            .map(EnumValueDescriptor::getName)
            .forEach(names::addEnumItem);
        yield names;
      }
      case MESSAGE -> of(field.getMessageType());
    };
  }

  private static void describe(Schema<?> schema, String comment) {
    if (!comment.isEmpty()) {
      schema.setDescription(comment);
    }
  }
}
