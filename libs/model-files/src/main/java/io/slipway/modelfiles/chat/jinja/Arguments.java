package io.slipway.modelfiles.chat.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a filter, a test or a callable is called with. */
record Arguments(List<Value> positional, Map<String, Value> named) {

  static final Arguments NONE = new Arguments(List.of(), Map.of());

  static Arguments of(Value... positional) {
    return new Arguments(List.of(positional), Map.of());
  }

  /**
   * The arguments by the names of their parameters; those that were not given are absent.
   *
   * @throws TemplateException when there are too many, or one that has no parameter
   */
  Map<String, Value> bind(String callee, String... parameters) {
    if (positional.size() > parameters.length) {
      throw TemplateException.failed(
          "%s takes %d arguments at most, got %d"
              .formatted(callee, parameters.length, positional.size()));
    }
    Map<String, Value> bound = new HashMap<>();
    for (int i = 0; i < positional.size(); i++) {
      bound.put(parameters[i], positional.get(i));
    }
    named.forEach(
        (name, value) -> {
          if (!List.of(parameters).contains(name) || bound.put(name, value) != null) {
            throw TemplateException.failed(
                "%s takes no further argument '%s'".formatted(callee, name));
          }
        });
    return bound;
  }

  /** The one argument of a callable that takes no more and no less. */
  Value only(String callee, String parameter) {
    return required(bind(callee, parameter), callee, parameter);
  }

  /** Refuses any argument. */
  void none(String callee) {
    bind(callee);
  }

  static Value required(Map<String, Value> bound, String callee, String parameter) {
    Value value = bound.get(parameter);
    if (value == null) {
      throw TemplateException.failed("%s needs the argument '%s'".formatted(callee, parameter));
    }
    return value;
  }

  Arguments withoutFirst() {
    return new Arguments(positional.subList(1, positional.size()), named);
  }
}
