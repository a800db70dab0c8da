package io.slipway.modelfiles.chat.jinja;

import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template can call. */
final class Globals {

  private static final int MAX_RANGE = 100_000;

  private final Budget budget;
  private final Clock clock;
  private final PythonText python;

  Globals(Budget budget, Clock clock) {
    this.budget = budget;
    this.clock = clock;
    this.python = new PythonText(budget);
  }

  Map<String, Value> all() {
    Map<String, Value> all = new LinkedHashMap<>();
    all.put("raise_exception", new Value.Function("raise_exception", this::raise));
    all.put("strftime_now", new Value.Function("strftime_now", this::now));
    all.put("range", new Value.Function("range", this::range));
    all.put("dict", new Value.Function("dict", arguments -> Value.Dict.of(entries(arguments))));
    all.put("namespace", new Value.Function("namespace", this::namespace));
    return all;
  }

  private Value raise(Arguments arguments) {
    throw TemplateException.raised(python.str(arguments.only("raise_exception", "message")));
  }

  private Value now(Arguments arguments) {
    String format = python.str(arguments.only("strftime_now", "format"));
    budget.spend(format.length());
    return Value.of(DateText.format(format, LocalDateTime.now(clock)));
  }

  private Value range(Arguments arguments) {
    List<Integer> bounds = new ArrayList<>();
    arguments.positional().forEach(bound -> bounds.add(Arithmetic.toInt(bound, "a bound")));
    if (bounds.isEmpty() || bounds.size() > 3 || !arguments.named().isEmpty()) {
      throw TemplateException.failed("range takes one to three arguments");
    }
    int start = bounds.size() == 1 ? 0 : bounds.getFirst();
    int stop = bounds.size() == 1 ? bounds.getFirst() : bounds.get(1);
    int step = bounds.size() == 3 ? bounds.getLast() : 1;
    if (step == 0) {
      throw TemplateException.failed("range() arg 3 must not be zero");
    }
    long distance = step > 0 ? (long) stop - start : (long) start - stop;
    long count = Math.max(0, Math.ceilDiv(distance, Math.abs((long) step)));
    if (count > MAX_RANGE) {
      throw TemplateException.failed(
          "Range too big. The sandbox blocks ranges larger than MAX_RANGE (%d)."
              .formatted(MAX_RANGE));
    }
    budget.spend(count);
    List<Value> items = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      items.add(Value.Int.of(start + i * step));
    }
    return Value.Sequence.list(items);
  }

  private Value namespace(Arguments arguments) {
    Map<String, Value> attributes = new LinkedHashMap<>();
    entries(arguments).forEach((name, value) -> attributes.put(python.str(name), value));
    return new Value.Namespace(attributes);
  }

  /** Of a dict or of pairs, and of named arguments. */
  private Map<Value, Value> entries(Arguments arguments) {
    Map<Value, Value> entries = new LinkedHashMap<>();
    if (arguments.positional().size() > 1) {
      throw TemplateException.failed("dict expected at most 1 argument");
    }
    for (Value source : arguments.positional()) {
      if (source instanceof Value.Dict dict) {
        budget.spend(dict.entries().size());
        entries.putAll(dict.entries());
      } else {
        for (Value pair : Iteration.all(source, budget)) {
          List<Value> both = Iteration.all(pair, budget);
          if (both.size() != 2) {
            throw TemplateException.failed("dict takes pairs of a key and a value");
          }
          entries.put(Value.Dict.key(both.getFirst()), both.getLast());
        }
      }
    }
    arguments.named().forEach((name, value) -> entries.put(Value.of(name), value));
    return entries;
  }
}
