package io.slipway.modelfiles.chat.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a block. What is set in a loop, a macro or a captured text is gone after it;
 * conditions have no frame of their own.
 */
final class Frame {

  private final @Nullable Frame outer;
  private final Map<String, Value> variables = new HashMap<>();

  private Frame(@Nullable Frame outer) {
    this.outer = outer;
  }

  static Frame root(Map<String, Value> variables) {
    Frame frame = new Frame(null);
    frame.variables.putAll(variables);
    return frame;
  }

  Frame inner() {
    return new Frame(this);
  }

  void set(String name, Value value) {
    variables.put(name, value);
  }

  Value get(String name) {
    for (Frame frame = this; frame != null; frame = frame.outer) {
      Value value = frame.variables.get(name);
      if (value != null) {
        return value;
      }
    }
    return new Value.Undefined("'%s' is undefined".formatted(name));
  }
}
