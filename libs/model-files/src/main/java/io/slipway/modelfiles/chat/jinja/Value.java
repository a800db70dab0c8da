package io.slipway.modelfiles.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value in a template; its operations mean what they mean in Python. */
sealed interface Value
    permits Loop,
        Value.None,
        Value.Undefined,
        Value.Bool,
        Value.Int,
        Value.Real,
        Value.Text,
        Value.Sequence,
        Value.Dict,
        Value.Generator,
        Value.Namespace,
        Value.Callable {

  /** Containers within each other at most; what walks through a value relies on it. */
  int MAX_DEPTH = 200;

  Text EMPTY = new Text("");

  /** Python's {@code None}. */
  enum None implements Value {
    NONE
  }

  /**
   * What a name or an attribute stands for that does not exist: empty where it is shown, false
   * where it is tested, and an error where anything is done with it.
   *
   * @param message of that error
   */
  record Undefined(String message) implements Value {

    TemplateException error() {
      return TemplateException.failed(message);
    }
  }

  record Bool(boolean value) implements Value {}

  record Int(BigInteger value) implements Value {

    static Int of(long value) {
      return new Int(BigInteger.valueOf(value));
    }
  }

  record Real(double value) implements Value {}

  record Text(String value) implements Value {}

  /** How a sequence behaves apart from holding elements in an order. */
  enum Kind {
    LIST("list"),
    TUPLE("tuple"),
    KEYS("dict_keys"),
    VALUES("dict_values"),
    ITEMS("dict_items");

    private final String typeName;

    Kind(String typeName) {
      this.typeName = typeName;
    }

    String typeName() {
      return typeName;
    }

    /** Whether it has elements by index; the views of a dict only have a length. */
    boolean indexed() {
      return this == LIST || this == TUPLE;
    }
  }

  /**
   * @param depth 1 more than that of its deepest element
   */
  record Sequence(Kind kind, List<Value> items, int depth) implements Value {

    static Sequence list(List<Value> items) {
      return of(Kind.LIST, items);
    }

    static Sequence tuple(Value... items) {
      return of(Kind.TUPLE, List.of(items));
    }

    static Sequence of(Kind kind, List<Value> items) {
      return new Sequence(kind, Collections.unmodifiableList(items), depthOver(items));
    }
  }

  /**
   * @param entries in the order in which they were added
   * @param depth 1 more than that of its deepest value
   */
  record Dict(Map<Value, Value> entries, int depth) implements Value {

    static Dict of(Map<Value, Value> entries) {
      entries.keySet().forEach(Dict::key);
      return new Dict(Collections.unmodifiableMap(entries), depthOver(entries.values()));
    }

    static Dict named(Map<String, Value> entries) {
      Map<Value, Value> keyed = new LinkedHashMap<>();
      entries.forEach((name, value) -> keyed.put(new Text(name), value));
      return of(keyed);
    }

    /** The value itself, if it can be a key; of tuples those that hold nothing nested. */
    static Value key(Value value) {
      return switch (value) {
        case Dict dict -> throw unhashable("dict");
        case Sequence sequence when sequence.kind != Kind.TUPLE -> throw unhashable("list");
        case Sequence tuple when tuple.depth > 1 -> throw unhashable("nested tuple");
        default -> value;
      };
    }

    private static TemplateException unhashable(String type) {
      return TemplateException.failed("unhashable type: '%s'".formatted(type));
    }
  }

  /**
   * Elements that come one by one, each only once.
   *
   * @param depth generators that it takes its elements from, one through the other
   */
  record Generator(Iterator<Value> elements, int depth) implements Value {

    static Generator of(Iterator<Value> elements) {
      return new Generator(elements, 0);
    }

    static Generator of(Iterator<Value> elements, Value source) {
      int depth = source instanceof Generator generator ? generator.depth + 1 : 0;
      if (depth > MAX_DEPTH) {
        throw TemplateException.limit("more than %d filters in a row".formatted(MAX_DEPTH));
      }
      return new Generator(elements, depth);
    }
  }

  /** What {@code namespace()} makes: the only thing whose attributes can be set. */
  record Namespace(Map<String, Value> attributes) implements Value {

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** Something that can be called. */
  non-sealed interface Callable extends Value {

    String name();

    Value call(Arguments arguments);
  }

  /** A callable that is part of the language, or a method of a value. */
  record Function(String name, java.util.function.Function<Arguments, Value> body)
      implements Callable {

    @Override
    public Value call(Arguments arguments) {
      return body.apply(arguments);
    }
  }

  static Value of(boolean value) {
    return new Bool(value);
  }

  static Value of(String value) {
    return value.isEmpty() ? EMPTY : new Text(value);
  }

  static Sequence texts(List<String> values) {
    List<Value> texts = new ArrayList<>();
    values.forEach(value -> texts.add(of(value)));
    return Sequence.list(texts);
  }

  private static int depthOver(Collection<Value> values) {
    int deepest = 0;
    for (Value value : values) {
      int depth =
          switch (value) {
            case Sequence sequence -> sequence.depth;
            case Dict dict -> dict.depth;
            default -> 0;
          };
      deepest = Math.max(deepest, depth);
    }
    if (deepest >= MAX_DEPTH) {
      throw TemplateException.limit("a value nests deeper than %d levels".formatted(MAX_DEPTH));
    }
    return deepest + 1;
  }
}
