package io.slipway.modelfiles.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Python's {@code json.dumps}.
 *
 * @param ensureAscii whether other characters are escaped
 * @param indent what each level of nesting is indented with; empty for a single line
 */
record JsonText(
    Budget budget,
    boolean ensureAscii,
    Optional<String> indent,
    String itemSeparator,
    String keySeparator,
    boolean sortKeys) {

  String of(Value value) {
    StringBuilder out = new StringBuilder();
    write(value, 0, out);
    return out.toString();
  }

  private void write(Value value, int level, StringBuilder out) {
    int before = out.length();
    switch (value) {
      case Value.Text text -> writeString(text.value(), out);
      case Value.Int number -> out.append(number.value());
      case Value.Real real -> out.append(number(real.value()));
      case Value.Bool bool -> out.append(bool.value());
      case Value.None none -> out.append("null");
      case Value.Dict dict -> writeDict(dict, level, out);
      case Value.Sequence sequence when sequence.kind().indexed() -> {
        List<Runnable> items = new ArrayList<>();
        sequence.items().forEach(item -> items.add(() -> write(item, level + 1, out)));
        writeContainer('[', ']', items, level, out);
      }
      case Value.Sequence view -> throw notSerializable(view);
      case Value.Undefined undefined -> throw notSerializable(undefined);
      case Value.Generator generator -> throw notSerializable(generator);
      case Value.Namespace namespace -> throw notSerializable(namespace);
      case Loop loop -> throw notSerializable(loop);
      case Value.Callable callable -> throw notSerializable(callable);
    }
    budget.spend(1 + out.length() - before);
  }

  private static TemplateException notSerializable(Value value) {
    return TemplateException.failed(
        "Object of type %s is not JSON serializable".formatted(PythonText.typeName(value)));
  }

  private void writeDict(Value.Dict dict, int level, StringBuilder out) {
    List<Map.Entry<Value, Value>> entries = new ArrayList<>(dict.entries().entrySet());
    if (sortKeys) {
      Ordering ordering = new Ordering(budget);
      entries.sort((a, b) -> ordering.compare(a.getKey(), b.getKey()));
    }
    List<Runnable> items = new ArrayList<>();
    for (Map.Entry<Value, Value> entry : entries) {
      items.add(
          () -> {
            writeString(key(entry.getKey()), out);
            out.append(keySeparator);
            write(entry.getValue(), level + 1, out);
          });
    }
    writeContainer('{', '}', items, level, out);
  }

  private void writeContainer(
      char open, char close, List<Runnable> items, int level, StringBuilder out) {
    out.append(open);
    for (int i = 0; i < items.size(); i++) {
      out.append(i == 0 ? "" : itemSeparator);
      breakLine(level + 1, out);
      items.get(i).run();
    }
    if (!items.isEmpty()) {
      breakLine(level, out);
    }
    out.append(close);
  }

  private void breakLine(int level, StringBuilder out) {
    if (indent.isPresent()) {
      budget.spend((long) indent.get().length() * level);
      out.append('\n').repeat(indent.get(), level);
    }
  }

  private static String key(Value key) {
    return switch (key) {
      case Value.Text text -> text.value();
      case Value.Int number -> number.value().toString();
      case Value.Real real -> number(real.value());
      case Value.Bool bool -> Boolean.toString(bool.value());
      case Value.None none -> "null";
      default ->
          throw TemplateException.failed(
              "keys must be str, int, float, bool or None, not " + PythonText.typeName(key));
    };
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    return PythonText.repr(value);
  }

  private void writeString(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\f' -> out.append("\\f");
        case '\b' -> out.append("\\b");
        default -> {
          if (c < ' ' || (ensureAscii && c >= 0x7f)) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
