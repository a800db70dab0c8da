package io.slipway.modelfiles.chat.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Filters that make texts. */
final class TextFilters {

  private static final Pattern TITLE_WORD = Pattern.compile("[-\\s({\\[<]+|[^-\\s({\\[<]+");
  private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final int INDENTATION = 4;
  private static final int CENTER_WIDTH = 80;

  private final Budget budget;
  private final PythonText python;
  private final TextMethods methods;

  TextFilters(Budget budget) {
    this.budget = budget;
    this.python = new PythonText(budget);
    this.methods = new TextMethods(budget);
  }

  Map<String, Filters.Filter> all() {
    Map<String, Filters.Filter> filters = new HashMap<>();
    filters.put("string", (value, arguments) -> Value.of(python.str(value)));
    // Nothing is escaped unless it is asked for, so that there is nothing to mark as safe.
    filters.put("safe", filters.get("string"));
    filters.put("upper", (value, arguments) -> Value.of(Characters.upper(python.str(value))));
    filters.put("lower", (value, arguments) -> Value.of(Characters.lower(python.str(value))));
    filters.put(
        "capitalize", (value, arguments) -> Value.of(Characters.capitalize(python.str(value))));
    filters.put("title", (value, arguments) -> title(python.str(value)));
    filters.put("trim", this::trim);
    filters.put("replace", this::replace);
    filters.put("indent", this::indent);
    filters.put("center", this::center);
    filters.put("join", this::join);
    filters.put("format", this::format);
    filters.put("tojson", this::tojson);
    filters.put("wordcount", this::wordCount);
    filters.put("escape", (value, arguments) -> Value.of(escape(python.str(value))));
    filters.put("e", filters.get("escape"));
    filters.put("forceescape", filters.get("escape"));
    return filters;
  }

  private static Value title(String text) {
    StringBuilder title = new StringBuilder();
    TITLE_WORD
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .forEach(word -> title.append(Characters.capitalize(word)));
    return Value.of(title.toString());
  }

  private Value trim(Value value, Arguments arguments) {
    Value characters = arguments.bind("trim", "chars").getOrDefault("chars", Value.None.NONE);
    return Value.of(methods.strip(python.str(value), "strip", characters));
  }

  private Value replace(Value value, Arguments arguments) {
    Map<String, Value> bound = arguments.bind("replace", "old", "new", "count");
    Value count = bound.getOrDefault("count", Value.None.NONE);
    return Value.of(
        methods.replace(
            python.str(value),
            python.str(Arguments.required(bound, "replace", "old")),
            python.str(Arguments.required(bound, "replace", "new")),
            count == Value.None.NONE ? -1 : Arithmetic.toInt(count, "count")));
  }

  private Value indent(Value value, Arguments arguments) {
    Map<String, Value> bound = arguments.bind("indent", "width", "first", "blank");
    Value width = bound.getOrDefault("width", Value.Int.of(INDENTATION));
    String indentation =
        width instanceof Value.Text text
            ? text.value()
            : blanks(Math.max(0, Arithmetic.toInt(width, "the width")));
    boolean blank = Ordering.isTrue(bound.getOrDefault("blank", Value.of(false)));
    boolean first = Ordering.isTrue(bound.getOrDefault("first", Value.of(false)));
    // The reference adds a line break before it splits, so that one at the end is kept.
    List<String> lines = TextMethods.lines(python.str(value) + "\n");
    StringBuilder out = new StringBuilder(first ? indentation : "");
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean indented = i > 0 && (blank || !line.isEmpty());
      budget.spend(1L + line.length() + indentation.length());
      out.append(i == 0 ? "" : "\n").append(indented ? indentation : "").append(line);
    }
    return Value.of(out.toString());
  }

  private String blanks(int count) {
    budget.spend(count);
    return " ".repeat(count);
  }

  private Value center(Value value, Arguments arguments) {
    Value width =
        arguments.bind("center", "width").getOrDefault("width", Value.Int.of(CENTER_WIDTH));
    Value center =
        methods
            .method(python.str(value), "center")
            .orElseThrow(() -> TemplateException.failed("texts have no method center"));
    return ((Value.Callable) center).call(Arguments.of(width));
  }

  private Value join(Value value, Arguments arguments) {
    Map<String, Value> bound = arguments.bind("join", "d", "attribute");
    List<Value> items = Iteration.all(value, budget);
    Value attribute = bound.getOrDefault("attribute", Value.None.NONE);
    if (attribute != Value.None.NONE) {
      AttributePath path = AttributePath.of(attribute, budget);
      items = items.stream().map(path::in).toList();
    }
    return Value.of(methods.join(python.str(bound.getOrDefault("d", Value.EMPTY)), items));
  }

  private Value format(Value value, Arguments arguments) {
    if (!arguments.named().isEmpty()) {
      throw TemplateException.failed("format with named arguments is not supported");
    }
    return Value.of(new PercentFormat(budget).format(python.str(value), arguments.positional()));
  }

  /** The reference's own: nothing is escaped for HTML, and characters are kept as they are. */
  private Value tojson(Value value, Arguments arguments) {
    Map<String, Value> bound =
        arguments.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
    Value indent = bound.getOrDefault("indent", Value.None.NONE);
    Optional<String> indentation = Optional.empty();
    if (indent instanceof Value.Text text) {
      indentation = Optional.of(text.value());
    } else if (indent != Value.None.NONE) {
      indentation = Optional.of(blanks(Math.max(0, Arithmetic.toInt(indent, "indent"))));
    }
    String itemSeparator = indentation.isPresent() ? "," : ", ";
    String keySeparator = ": ";
    Value separators = bound.getOrDefault("separators", Value.None.NONE);
    if (separators != Value.None.NONE) {
      List<Value> both = Iteration.all(separators, budget);
      if (both.size() != 2) {
        throw TemplateException.failed("separators have to be two");
      }
      itemSeparator = python.str(both.getFirst());
      keySeparator = python.str(both.getLast());
    }
    return Value.of(
        new JsonText(
                budget,
                Ordering.isTrue(bound.getOrDefault("ensure_ascii", Value.of(false))),
                indentation,
                itemSeparator,
                keySeparator,
                Ordering.isTrue(bound.getOrDefault("sort_keys", Value.of(false))))
            .of(value));
  }

  private Value wordCount(Value value, Arguments arguments) {
    String text = python.str(value);
    budget.spend(text.length());
    return Value.Int.of(WORD.matcher(text).results().count());
  }

  private String escape(String text) {
    budget.spend(text.length());
    return text.replace("&", "&amp;")
        .replace(">", "&gt;")
        .replace("<", "&lt;")
        .replace("'", "&#39;")
        .replace("\"", "&#34;");
  }
}
