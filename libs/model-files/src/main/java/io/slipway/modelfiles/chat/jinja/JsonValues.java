package io.slipway.modelfiles.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Values from JSON. */
final class JsonValues {

  private JsonValues() {}

  static Value of(JsonNode node) {
    if (node.isObject()) {
      Map<Value, Value> entries = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        entries.put(Value.of(entry.getKey()), of(entry.getValue()));
      }
      return Value.Dict.of(entries);
    }
    if (node.isArray()) {
      List<Value> items = new ArrayList<>();
      node.forEach(item -> items.add(of(item)));
      return Value.Sequence.list(items);
    }
    if (node.isBoolean()) {
      return Value.of(node.asBoolean());
    }
    if (node.isIntegralNumber()) {
      return new Value.Int(node.bigIntegerValue());
    }
    if (node.isNumber()) {
      return new Value.Real(node.asDouble());
    }
    return node.isNull() || node.isMissingNode() ? Value.None.NONE : Value.of(node.asString());
  }
}
