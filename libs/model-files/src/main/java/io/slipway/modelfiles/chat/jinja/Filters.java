package io.slipway.modelfiles.chat.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** All filters by name. */
final class Filters {

  /** A filter: what stands before the stroke, and the arguments in parentheses. */
  interface Filter {
    Value apply(Value value, Arguments arguments);
  }

  /** Filters of the language that no chat needs. */
  private static final Set<String> UNSUPPORTED =
      Set.of(
          "batch",
          "filesizeformat",
          "groupby",
          "pprint",
          "random",
          "slice",
          "striptags",
          "truncate",
          "urlencode",
          "urlize",
          "wordwrap",
          "xmlattr");

  private final Map<String, Filter> filters = new HashMap<>();

  Filters(Budget budget, Checks checks) {
    filters.putAll(new TextFilters(budget).all());
    filters.putAll(new NumberFilters(budget).all());
    filters.putAll(new SequenceFilters(budget, this, checks).all());
  }

  Value apply(String name, Value value, Arguments arguments) {
    Filter filter = filters.get(name);
    if (filter == null) {
      throw TemplateException.failed(
          UNSUPPORTED.contains(name)
              ? "the filter '%s' is not supported".formatted(name)
              : "No filter named '%s'.".formatted(name));
    }
    return filter.apply(value, arguments);
  }
}
