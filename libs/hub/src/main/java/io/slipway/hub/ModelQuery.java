package io.slipway.hub;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which models a listing shows, in which order, and how much it says about each.
 *
 * @param search part of the id
 * @param filters tags that a model has all of
 * @param limit models on a page, at most 1000; 0 leaves it to the server
 * @param full with files, commit and dates
 * @param expand names of the fields to show instead, such as {@code safetensors}
 */
public record ModelQuery(
    @Nullable String search,
    List<String> filters,
    @Nullable String author,
    @Nullable String pipelineTag,
    @Nullable Order order,
    int limit,
    boolean full,
    List<String> expand) {

  public static final int MAX_LIMIT = 1000;

  /** Everything, as the server sees fit to order it. */
  public static final ModelQuery ALL =
      new ModelQuery(null, List.of(), null, null, null, 0, false, List.of());

  public ModelQuery {
    filters = List.copyOf(filters);
    expand = List.copyOf(expand);
    if (limit < 0 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("Page limit is " + limit + ": expected 0 to " + MAX_LIMIT);
    }
  }

  /** By which field, and from its largest value down or up from its smallest. */
  public record Order(Sort sort, boolean descending) {}

  /** A field that a listing can be sorted by. */
  public enum Sort {
    DOWNLOADS("downloads"),
    LIKES("likes"),
    CREATED_AT("createdAt"),
    LAST_MODIFIED("lastModified"),
    TRENDING_SCORE("trendingScore");

    private final String parameter;

    Sort(String parameter) {
      this.parameter = parameter;
    }

    static Optional<Sort> of(String parameter) {
      String camelCase = parameter.equals("last_modified") ? "lastModified" : parameter;
      return Arrays.stream(values()).filter(sort -> sort.parameter.equals(camelCase)).findFirst();
    }
  }

  public ModelQuery searching(String text) {
    return new ModelQuery(text, filters, author, pipelineTag, order, limit, full, expand);
  }

  public ModelQuery tagged(String... tags) {
    List<String> all = new ArrayList<>(filters);
    all.addAll(List.of(tags));
    return new ModelQuery(search, all, author, pipelineTag, order, limit, full, expand);
  }

  public ModelQuery by(String owner) {
    return new ModelQuery(search, filters, owner, pipelineTag, order, limit, full, expand);
  }

  public ModelQuery forTask(String task) {
    return new ModelQuery(search, filters, author, task, order, limit, full, expand);
  }

  public ModelQuery sorted(Sort sort, boolean descending) {
    return new ModelQuery(
        search, filters, author, pipelineTag, new Order(sort, descending), limit, full, expand);
  }

  public ModelQuery limitedTo(int models) {
    return new ModelQuery(search, filters, author, pipelineTag, order, models, full, expand);
  }

  public ModelQuery inFull() {
    return new ModelQuery(search, filters, author, pipelineTag, order, limit, true, expand);
  }

  public ModelQuery showing(String... fields) {
    return new ModelQuery(
        search, filters, author, pipelineTag, order, limit, full, List.of(fields));
  }

  /** The parameters of {@code GET /api/models}, in a fixed order. */
  public Map<String, List<String>> toParameters() {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    putUnlessNull(parameters, "search", search);
    putUnlessEmpty(parameters, "filter", filters);
    putUnlessNull(parameters, "author", author);
    putUnlessNull(parameters, "pipeline_tag", pipelineTag);
    if (order != null) {
      parameters.put("sort", List.of(order.sort().parameter));
      parameters.put("direction", List.of(order.descending() ? "-1" : "1"));
    }
    if (limit > 0) {
      parameters.put("limit", List.of(Integer.toString(limit)));
    }
    if (full) {
      parameters.put("full", List.of("true"));
    }
    putUnlessEmpty(parameters, "expand", expand);
    return parameters;
  }

  /**
   * Reads what {@link #toParameters} writes; other parameters are ignored. A limit above 1000 is
   * 1000.
   *
   * @throws IllegalArgumentException when the sort field or the limit is none
   */
  public static ModelQuery ofParameters(Map<String, List<String>> parameters) {
    String sort = first(parameters, "sort");
    boolean descending = !"1".equals(first(parameters, "direction"));
    return new ModelQuery(
        first(parameters, "search"),
        parameters.getOrDefault("filter", List.of()).stream()
            .flatMap(filter -> Arrays.stream(filter.split(",")))
            .toList(),
        first(parameters, "author"),
        first(parameters, "pipeline_tag"),
        sort == null ? null : new Order(requireSort(sort), descending),
        limit(first(parameters, "limit")),
        isTrue(first(parameters, "full")),
        parameters.getOrDefault("expand", List.of()));
  }

  private static Sort requireSort(String parameter) {
    return Sort.of(parameter)
        .orElseThrow(
            () ->
                new IllegalArgumentException("Cannot sort by '" + Text.printable(parameter) + "'"));
  }

  private static int limit(@Nullable String parameter) {
    if (parameter == null) {
      return 0;
    }
    if (!parameter.matches("\\d{1,9}")) {
      throw new IllegalArgumentException(
          "Page limit is '" + Text.printable(parameter) + "': expected a number");
    }
    return Math.min(MAX_LIMIT, Integer.parseInt(parameter));
  }

  private static boolean isTrue(@Nullable String parameter) {
    return "true".equalsIgnoreCase(parameter) || "1".equals(parameter);
  }

  private static @Nullable String first(Map<String, List<String>> parameters, String name) {
    List<String> values = parameters.getOrDefault(name, List.of());
    return values.isEmpty() ? null : values.getFirst();
  }

  private static void putUnlessNull(
      Map<String, List<String>> parameters, String name, @Nullable String value) {
    if (value != null) {
      parameters.put(name, List.of(value));
    }
  }

  private static void putUnlessEmpty(
      Map<String, List<String>> parameters, String name, List<String> values) {
    if (!values.isEmpty()) {
      parameters.put(name, values);
    }
  }
}
