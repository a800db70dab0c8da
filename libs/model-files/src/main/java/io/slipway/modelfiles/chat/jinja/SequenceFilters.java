package io.slipway.modelfiles.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterators;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Filters that take sequences apart, choose from them or order them, and the one for defaults. */
final class SequenceFilters {

  private final Budget budget;
  private final Filters filters;
  private final Checks checks;
  private final Ordering ordering;
  private final Access access;

  SequenceFilters(Budget budget, Filters filters, Checks checks) {
    this.budget = budget;
    this.filters = filters;
    this.checks = checks;
    this.ordering = new Ordering(budget);
    this.access = new Access(budget);
  }

  Map<String, Filters.Filter> all() {
    Map<String, Filters.Filter> all = new HashMap<>();
    all.put("default", this::defaultValue);
    all.put("d", this::defaultValue);
    all.put("length", (value, arguments) -> Value.Int.of(Iteration.length(value)));
    all.put("count", all.get("length"));
    all.put("list", (value, arguments) -> Value.Sequence.list(Iteration.all(value, budget)));
    all.put("first", (value, arguments) -> first(Iteration.over(value), "first"));
    all.put("last", (value, arguments) -> first(reversed(value), "last"));
    all.put("reverse", this::reverse);
    all.put("items", this::items);
    all.put("attr", this::attribute);
    all.put("map", this::map);
    all.put("select", (value, arguments) -> select(value, arguments, false, true));
    all.put("reject", (value, arguments) -> select(value, arguments, false, false));
    all.put("selectattr", (value, arguments) -> select(value, arguments, true, true));
    all.put("rejectattr", (value, arguments) -> select(value, arguments, true, false));
    all.put("unique", this::unique);
    all.put("sort", this::sort);
    all.put("dictsort", this::dictSort);
    all.put("min", (value, arguments) -> extreme(value, arguments, "min"));
    all.put("max", (value, arguments) -> extreme(value, arguments, "max"));
    return all;
  }

  private Value defaultValue(Value value, Arguments arguments) {
    Map<String, Value> bound = arguments.bind("default", "default_value", "boolean");
    boolean falseToo = Ordering.isTrue(bound.getOrDefault("boolean", Value.of(false)));
    boolean missing = value instanceof Value.Undefined || (falseToo && !Ordering.isTrue(value));
    return missing ? bound.getOrDefault("default_value", Value.EMPTY) : value;
  }

  private static Value first(Iterator<Value> items, String which) {
    return items.hasNext()
        ? items.next()
        : new Value.Undefined("No %s item, sequence was empty.".formatted(which));
  }

  private Iterator<Value> reversed(Value value) {
    if (value instanceof Value.Generator) {
      throw TemplateException.failed("'generator' object is not reversible");
    }
    return Iteration.all(value, budget).reversed().iterator();
  }

  private Value reverse(Value value, Arguments arguments) {
    if (value instanceof Value.Text text) {
      budget.spend(text.value().length());
      return Value.of(new StringBuilder(text.value()).reverse().toString());
    }
    return Value.Generator.of(Iteration.all(value, budget).reversed().iterator());
  }

  private Value items(Value value, Arguments arguments) {
    return switch (value) {
      case Value.Dict dict -> Value.Generator.of(access.items(dict).iterator());
      case Value.Undefined undefined -> Value.Generator.of(Collections.emptyIterator());
      default -> throw TemplateException.failed("Can only get item pairs from a mapping.");
    };
  }

  private Value attribute(Value value, Arguments arguments) {
    Value name = arguments.only("attr", "name");
    return value instanceof Value.Dict
        ? new Value.Undefined("'dict object' has no such attribute")
        : access.attribute(value, new PythonText(budget).str(name));
  }

  private Value map(Value value, Arguments arguments) {
    UnaryOperator<Value> function;
    if (arguments.positional().isEmpty() && arguments.named().containsKey("attribute")) {
      Map<String, Value> bound = arguments.bind("map", "attribute", "default");
      Optional<Value> absent =
          Optional.ofNullable(bound.get("default")).filter(found -> found != Value.None.NONE);
      AttributePath path =
          AttributePath.of(Arguments.required(bound, "map", "attribute"), absent, budget);
      function = path::in;
    } else {
      String name = name(arguments, 0, "map requires a filter argument");
      Arguments rest = arguments.withoutFirst();
      function = item -> filters.apply(name, item, rest);
    }
    return generator(value, items -> items.map(function));
  }

  private Value select(Value value, Arguments arguments, boolean byAttribute, boolean wanted) {
    UnaryOperator<Value> subject = UnaryOperator.identity();
    Arguments test = arguments;
    if (byAttribute) {
      if (arguments.positional().isEmpty()) {
        throw TemplateException.failed("Missing parameter for attribute name");
      }
      subject = AttributePath.of(arguments.positional().getFirst(), budget)::in;
      test = arguments.withoutFirst();
    }
    UnaryOperator<Value> tested = subject;
    if (test.positional().isEmpty()) {
      return generator(
          value, items -> items.filter(item -> Ordering.isTrue(tested.apply(item)) == wanted));
    }
    String name = name(test, 0, "the test has no name");
    Arguments rest = test.withoutFirst();
    return generator(
        value,
        items -> items.filter(item -> checks.holds(name, tested.apply(item), rest) == wanted));
  }

  private static String name(Arguments arguments, int index, String complaint) {
    if (arguments.positional().size() > index
        && arguments.positional().get(index) instanceof Value.Text name) {
      return name.value();
    }
    throw TemplateException.failed(complaint);
  }

  /** Elements that are made when they are asked for; none where there is nothing to take. */
  private Value generator(Value value, UnaryOperator<Stream<Value>> pipeline) {
    if (!Ordering.isTrue(value)) {
      return Value.Generator.of(Collections.emptyIterator());
    }
    Iterator<Value> items = Iteration.over(value);
    Stream<Value> stream =
        StreamSupport.stream(Spliterators.spliteratorUnknownSize(items, 0), false)
            .peek(item -> budget.spend(1));
    return Value.Generator.of(pipeline.apply(stream).iterator(), value);
  }

  private Value unique(Value value, Arguments arguments) {
    Map<String, Value> bound = arguments.bind("unique", "case_sensitive", "attribute");
    UnaryOperator<Value> key = key(bound, bound.get("attribute"));
    Set<Value> seen = new HashSet<>();
    return generator(
        value, items -> items.filter(item -> seen.add(Value.Dict.key(key.apply(item)))));
  }

  private UnaryOperator<Value> key(Map<String, Value> bound, @Nullable Value attribute) {
    boolean caseSensitive = Ordering.isTrue(bound.getOrDefault("case_sensitive", Value.of(false)));
    UnaryOperator<Value> found =
        attribute == null || attribute == Value.None.NONE
            ? UnaryOperator.identity()
            : AttributePath.of(attribute, budget)::in;
    return item -> {
      Value key = found.apply(item);
      return key instanceof Value.Text text && !caseSensitive
          ? Value.of(Characters.lower(text.value()))
          : key;
    };
  }

  private Value sort(Value value, Arguments arguments) {
    Map<String, Value> bound = arguments.bind("sort", "reverse", "case_sensitive", "attribute");
    Value attribute = bound.getOrDefault("attribute", Value.None.NONE);
    List<UnaryOperator<Value>> keys = new ArrayList<>();
    if (attribute instanceof Value.Text names) {
      for (String name : names.value().split(",", -1)) {
        keys.add(key(bound, Value.of(name)));
      }
    } else {
      keys.add(key(bound, attribute));
    }
    return sorted(
        Iteration.all(value, budget),
        item -> Value.Sequence.list(keys.stream().map(key -> key.apply(item)).toList()),
        Ordering.isTrue(bound.getOrDefault("reverse", Value.of(false))));
  }

  /** Equal elements keep their order, in reverse too. */
  private Value sorted(List<Value> items, UnaryOperator<Value> key, boolean reverse) {
    record Keyed(Value item, Value key) {}
    List<Keyed> keyed = new ArrayList<>();
    items.forEach(item -> keyed.add(new Keyed(item, key.apply(item))));
    Comparator<Keyed> order = (a, b) -> ordering.compare(a.key, b.key);
    keyed.sort(reverse ? order.reversed() : order);
    return Value.Sequence.list(keyed.stream().map(Keyed::item).toList());
  }

  private Value dictSort(Value value, Arguments arguments) {
    Map<String, Value> bound = arguments.bind("dictsort", "case_sensitive", "by", "reverse");
    String by = new PythonText(budget).str(bound.getOrDefault("by", Value.of("key")));
    if (!by.equals("key") && !by.equals("value")) {
      throw TemplateException.failed("You can only sort by either \"key\" or \"value\"");
    }
    if (!(value instanceof Value.Dict dict)) {
      throw TemplateException.failed(
          "'%s' object has no attribute 'items'".formatted(PythonText.typeName(value)));
    }
    return sorted(
        access.items(dict),
        key(bound, Value.Int.of(by.equals("key") ? 0 : 1)),
        Ordering.isTrue(bound.getOrDefault("reverse", Value.of(false))));
  }

  private Value extreme(Value value, Arguments arguments, String which) {
    Map<String, Value> bound = arguments.bind(which, "case_sensitive", "attribute");
    UnaryOperator<Value> key = key(bound, bound.get("attribute"));
    int sign = which.equals("min") ? 1 : -1;
    Value best = null;
    for (Value item : Iteration.all(value, budget)) {
      if (best == null || sign * ordering.compare(key.apply(item), key.apply(best)) < 0) {
        best = item;
      }
    }
    return best == null ? new Value.Undefined("No aggregated item, sequence was empty.") : best;
  }
}
