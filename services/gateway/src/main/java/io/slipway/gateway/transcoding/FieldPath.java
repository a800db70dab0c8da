package io.slipway.gateway.transcoding;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.slipway.kit.errors.SlipwayException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A field, or a field of a field, by its dotted name in snake_case or camelCase. */
record FieldPath(List<FieldDescriptor> fields) {

  static Optional<FieldPath> find(Descriptor message, String dotted) {
    List<FieldDescriptor> fields = new ArrayList<>();
    Descriptor at = message;
    for (String name : dotted.split("\\.", -1)) {
      if (at == null) {
        return Optional.empty();
      }
      Optional<FieldDescriptor> field =
          at.getFields().stream()
              .filter(f -> f.getName().equals(name) || f.getJsonName().equals(name))
              .findFirst();
      if (field.isEmpty()) {
        return Optional.empty();
      }
      fields.add(field.get());
      boolean goesOn =
          field.get().getJavaType() == FieldDescriptor.JavaType.MESSAGE
              && !field.get().isRepeated();
      at = goesOn ? field.get().getMessageType() : null;
    }
    return Optional.of(new FieldPath(List.copyOf(fields)));
  }

  FieldDescriptor first() {
    return fields.getFirst();
  }

  /**
   * Sets the field of a message.
   *
   * @param values their text; more than one only for a repeated field
   * @param source names them in errors: {@code Query parameter "pageSize"}
   */
  void put(Message.Builder message, List<String> values, String source) {
    FieldDescriptor field = fields.getLast();
    Message.Builder owner = message;
    for (FieldDescriptor step : fields.subList(0, fields.size() - 1)) {
      owner = owner.getFieldBuilder(step);
    }
    if (field.isMapField()) {
      throw SlipwayException.invalid(source + " is a map, which only a body can carry.");
    }
    if (field.isRepeated()) {
      for (String value : values) {
        owner.addRepeatedField(field, FieldText.read(field, value, source));
      }
    } else if (values.size() > 1) {
      throw SlipwayException.invalid(
          source + " is given " + values.size() + " times; it takes one value.");
    } else {
      owner.setField(field, FieldText.read(field, values.getFirst(), source));
    }
  }

  /** The field's text as it is set in a message; empty when it is not. */
  String text(Message.Builder message) {
    Message.Builder owner = message;
    for (FieldDescriptor step : fields.subList(0, fields.size() - 1)) {
      owner = owner.getFieldBuilder(step);
    }
    return String.valueOf(owner.getField(fields.getLast()));
  }
}
