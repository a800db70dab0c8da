package io.slipway.modelfiles.chat.jinja;

import io.slipway.modelfiles.chat.jinja.Statement.MacroDefinition;
import io.slipway.modelfiles.chat.jinja.Statement.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A macro where it was defined: it sees the variables around its definition, as they are when it is
 * called.
 */
final class Macro implements Value.Callable {

  private final MacroDefinition definition;
  private final Frame frame;
  private final Renderer renderer;

  Macro(MacroDefinition definition, Frame frame, Renderer renderer) {
    this.definition = definition;
    this.frame = frame;
    this.renderer = renderer;
  }

  @Override
  public String name() {
    return definition.name();
  }

  Optional<Value> attribute(String name) {
    return switch (name) {
      case "name" -> Optional.of(Value.of(definition.name()));
      case "arguments" ->
          Optional.of(
              Value.Sequence.tuple(
                  definition.parameters().stream()
                      .map(parameter -> Value.of(parameter.name()))
                      .toArray(Value[]::new)));
      default -> Optional.empty();
    };
  }

  /**
   * Renders the body. Arguments beyond the parameters are refused, unless the body asks for {@code
   * varargs} or {@code kwargs}; a parameter without argument and default is undefined.
   */
  @Override
  public Value call(Arguments arguments) {
    Frame inner = frame.inner();
    List<Parameter> parameters = definition.parameters();
    Map<String, Value> named = new LinkedHashMap<>(arguments.named());
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      Value given =
          i < arguments.positional().size()
              ? arguments.positional().get(i)
              : named.remove(parameter.name());
      if (given == null) {
        inner.set(
            parameter.name(),
            parameter.absent().isPresent()
                ? renderer.evaluate(parameter.absent().get(), inner)
                : new Value.Undefined(
                    "parameter '%s' was not provided".formatted(parameter.name())));
      } else {
        inner.set(parameter.name(), given);
      }
    }
    Value caller = named.remove("caller");
    if (caller != null) {
      inner.set("caller", caller);
    }
    setFurther(inner, arguments, named);
    return Value.of(renderer.capture(definition.body(), inner));
  }

  private void setFurther(Frame inner, Arguments arguments, Map<String, Value> named) {
    int taken = Math.min(definition.parameters().size(), arguments.positional().size());
    List<Value> rest =
        new ArrayList<>(arguments.positional().subList(taken, arguments.positional().size()));
    if (!named.isEmpty() && !definition.uses("kwargs")) {
      throw TemplateException.failed(
          "macro '%s' takes no keyword argument '%s'"
              .formatted(definition.name(), named.keySet().iterator().next()));
    }
    if (!rest.isEmpty() && !definition.uses("varargs")) {
      throw TemplateException.failed(
          "macro '%s' takes not more than %d argument(s)"
              .formatted(definition.name(), definition.parameters().size()));
    }
    inner.set("kwargs", Value.Dict.named(named));
    inner.set("varargs", Value.Sequence.of(Value.Kind.TUPLE, rest));
  }
}
