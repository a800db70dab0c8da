package io.slipway.modelfiles.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Attributes, elements and slices. A dot looks for a method first and then for a key, brackets the
 * other way round; what is not there is undefined.
 */
final class Access {

  /** Methods that would change a value, which templates may not. */
  private static final Map<String, Set<String>> CHANGING =
      Map.of(
          "list",
          Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"),
          "dict",
          Set.of("clear", "pop", "popitem", "setdefault", "update"));

  private final Budget budget;
  private final Ordering ordering;
  private final TextMethods texts;

  Access(Budget budget) {
    this.budget = budget;
    this.ordering = new Ordering(budget);
    this.texts = new TextMethods(budget);
  }

  Value attribute(Value target, String name) {
    return method(target, name)
        .orElseGet(
            () ->
                target instanceof Value.Dict dict && dict.entries().containsKey(Value.of(name))
                    ? dict.entries().get(Value.of(name))
                    : missing(target, Value.of(name)));
  }

  Value element(Value target, Value index) {
    Optional<Value> found =
        switch (target) {
          case Value.Dict dict -> Optional.ofNullable(dict.entries().get(Value.Dict.key(index)));
          case Value.Sequence sequence when sequence.kind().indexed() ->
              at(index, sequence.items().size()).map(i -> sequence.items().get(i));
          case Value.Text text -> at(index, Characters.length(text.value())).map(i -> at(text, i));
          case Value.Undefined undefined -> throw undefined.error();
          default -> Optional.empty();
        };
    if (found.isPresent()) {
      return found.get();
    }
    return index instanceof Value.Text name
        ? method(target, name.value()).orElseGet(() -> missing(target, index))
        : missing(target, index);
  }

  private static Optional<Integer> at(Value index, int size) {
    if (!(index instanceof Value.Int) && !(index instanceof Value.Bool)) {
      return Optional.empty();
    }
    int position = Arithmetic.toInt(index, "the index");
    int counted = position < 0 ? position + size : position;
    return counted >= 0 && counted < size ? Optional.of(counted) : Optional.empty();
  }

  private Value at(Value.Text text, int index) {
    budget.spend(index);
    int begin = text.value().offsetByCodePoints(0, index);
    return Value.of(Character.toString(text.value().codePointAt(begin)));
  }

  private static Value missing(Value target, Value index) {
    String owner = PythonText.owner(target);
    return new Value.Undefined(
        index instanceof Value.Text name
            ? "'%s' has no attribute '%s'".formatted(owner, name.value())
            : "%s has no such element".formatted(owner));
  }

  private Optional<Value> method(Value target, String name) {
    if (target instanceof Value.Undefined undefined) {
      throw undefined.error();
    }
    String type = PythonText.typeName(target);
    if (name.startsWith("__") || CHANGING.getOrDefault(type, Set.of()).contains(name)) {
      return Optional.of(
          new Value.Undefined(
              "access to attribute '%s' of '%s' object is unsafe.".formatted(name, type)));
    }
    return switch (target) {
      case Value.Text text -> texts.method(text.value(), name);
      case Value.Dict dict -> dictMethod(dict, name);
      case Value.Sequence sequence when sequence.kind().indexed() -> sequenceMethod(sequence, name);
      case Value.Namespace namespace -> Optional.ofNullable(namespace.attributes().get(name));
      case Loop loop -> Optional.of(loop.attribute(name, ordering));
      case Macro macro -> macro.attribute(name);
      default -> Optional.empty();
    };
  }

  private Optional<Value> dictMethod(Value.Dict dict, String name) {
    return switch (name) {
      case "keys" -> view(name, Value.Kind.KEYS, List.copyOf(dict.entries().keySet()));
      case "values" -> view(name, Value.Kind.VALUES, List.copyOf(dict.entries().values()));
      case "items" -> view(name, Value.Kind.ITEMS, items(dict));
      case "copy" -> Optional.of(new Value.Function(name, arguments -> dict));
      case "get" ->
          Optional.of(
              new Value.Function(
                  name,
                  arguments -> {
                    Map<String, Value> bound = arguments.bind("get", "key", "default");
                    Value key = Value.Dict.key(Arguments.required(bound, "get", "key"));
                    Value absent = bound.getOrDefault("default", Value.None.NONE);
                    return dict.entries().getOrDefault(key, absent);
                  }));
      default -> Optional.empty();
    };
  }

  /** A pair of key and value for each entry. */
  List<Value> items(Value.Dict dict) {
    budget.spend(dict.entries().size());
    List<Value> items = new ArrayList<>();
    dict.entries().forEach((key, value) -> items.add(Value.Sequence.tuple(key, value)));
    return items;
  }

  private static Optional<Value> view(String name, Value.Kind kind, List<Value> items) {
    return Optional.of(
        new Value.Function(
            name,
            arguments -> {
              arguments.none(name);
              return Value.Sequence.of(kind, items);
            }));
  }

  private Optional<Value> sequenceMethod(Value.Sequence sequence, String name) {
    return switch (name) {
      case "index" ->
          Optional.of(
              new Value.Function(
                  name,
                  arguments -> {
                    Value wanted = arguments.only(name, "value");
                    for (int i = 0; i < sequence.items().size(); i++) {
                      if (ordering.equal(sequence.items().get(i), wanted)) {
                        return Value.Int.of(i);
                      }
                    }
                    throw TemplateException.failed("the list does not hold the value");
                  }));
      case "count" ->
          Optional.of(
              new Value.Function(
                  name,
                  arguments -> {
                    Value wanted = arguments.only(name, "value");
                    return Value.Int.of(
                        sequence.items().stream()
                            .filter(item -> ordering.equal(item, wanted))
                            .count());
                  }));
      default -> Optional.empty();
    };
  }

  /** Elements from start to stop in steps; each bound may be None, or negative from the end. */
  Value slice(Value target, Value start, Value stop, Value step) {
    int stride = step == Value.None.NONE ? 1 : Arithmetic.toInt(step, "the step of a slice");
    if (stride == 0) {
      throw TemplateException.failed("slice step cannot be zero");
    }
    return switch (target) {
      case Value.Sequence sequence when sequence.kind().indexed() -> {
        List<Value> items = new ArrayList<>();
        for (int i : indices(sequence.items().size(), start, stop, stride)) {
          items.add(sequence.items().get(i));
        }
        yield Value.Sequence.of(sequence.kind(), items);
      }
      case Value.Text text -> {
        int[] codePoints = text.value().codePoints().toArray();
        budget.spend(codePoints.length);
        StringBuilder slice = new StringBuilder();
        for (int i : indices(codePoints.length, start, stop, stride)) {
          slice.appendCodePoint(codePoints[i]);
        }
        yield Value.of(slice.toString());
      }
      case Value.Undefined undefined -> throw undefined.error();
      default -> missing(target, Value.None.NONE);
    };
  }

  private List<Integer> indices(int size, Value start, Value stop, int step) {
    int lowest = step > 0 ? 0 : -1;
    int highest = step > 0 ? size : size - 1;
    int from = bound(start, size, lowest, highest, step > 0 ? lowest : highest);
    int to = bound(stop, size, lowest, highest, step > 0 ? highest : lowest);
    List<Integer> indices = new ArrayList<>();
    for (long i = from; step > 0 ? i < to : i > to; i += step) {
      budget.spend(1);
      indices.add((int) i);
    }
    return indices;
  }

  private static int bound(Value bound, int size, int lowest, int highest, int absent) {
    if (bound == Value.None.NONE) {
      return absent;
    }
    long position = Arithmetic.toInt(bound, "the bound of a slice");
    return Math.clamp(position < 0 ? position + size : position, lowest, highest);
  }
}
