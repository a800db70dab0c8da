package io.slipway.datasets.columns;

import io.slipway.dataset.v1.ColumnMapping;
import io.slipway.datasets.DatasetException;
import io.slipway.datasets.DatasetException.Reason;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the columns of a task that a mapping does not name by the names that they usually have. */
public final class UsualColumns {

  private UsualColumns() {}

  /**
   * A mapping with a column for each part that the task's rows have.
   *
   * @param task as errors name it
   * @param layouts the ways in which its rows may be laid out, of which one is taken
   * @param columns of the dataset
   * @throws DatasetException INVALID_MAPPING for a part that no such row has, one column in two
   *     parts, or a part for which there is no column, or more than one, of a usual name;
   *     MISSING_COLUMN for a column that the dataset does not have
   */
  public static ColumnMapping fill(
      String task, List<List<ColumnRole>> layouts, ColumnMapping asked, List<String> columns) {
    Set<ColumnRole> named = named(asked);
    List<ColumnRole> layout = layout(task, layouts, named, columns);
    ColumnMapping.Builder filled = asked.toBuilder();
    for (ColumnRole role : layout) {
      if (!named.contains(role)) {
        role.set(filled, usual(role, columns));
      }
    }
    ColumnMapping mapping = filled.build();
    requireDifferent(layout, mapping);
    return mapping;
  }

  private static Set<ColumnRole> named(ColumnMapping asked) {
    return Arrays.stream(ColumnRole.values())
        .filter(role -> !role.in(asked).isEmpty())
        .collect(Collectors.toSet());
  }

  private static List<ColumnRole> layout(
      String task, List<List<ColumnRole>> layouts, Set<ColumnRole> named, List<String> columns) {
    List<List<ColumnRole>> fitting =
        layouts.stream().filter(layout -> new HashSet<>(layout).containsAll(named)).toList();
    if (fitting.isEmpty()) {
      throw new DatasetException(
          Reason.INVALID_MAPPING,
          "The column mapping names %s; expected for %s: %s"
              .formatted(names(named.stream().sorted().toList()), task, described(layouts)));
    }
    if (fitting.size() == 1) {
      return fitting.getFirst();
    }
    List<List<ColumnRole>> there =
        fitting.stream()
            .filter(layout -> layout.stream().allMatch(role -> hasUsual(role, columns)))
            .toList();
    if (there.size() != 1) {
      throw new DatasetException(
          Reason.INVALID_MAPPING,
          "The column mapping is empty, and the columns %s do not tell how the rows are laid out; expected for %s: %s"
              .formatted(columns, task, described(layouts)));
    }
    return there.getFirst();
  }

  private static boolean hasUsual(ColumnRole role, List<String> columns) {
    return role.usualNames().stream().anyMatch(columns::contains);
  }

  private static String usual(ColumnRole role, List<String> columns) {
    List<String> found = role.usualNames().stream().filter(columns::contains).toList();
    Optional<String> only = found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    return only.orElseThrow(
        () ->
            new DatasetException(
                found.isEmpty() ? Reason.MISSING_COLUMN : Reason.INVALID_MAPPING,
                "columns.%s is empty, and the dataset has %s of %s; it has %s"
                    .formatted(
                        role.apiName(),
                        found.isEmpty() ? "none" : "more than one",
                        role.usualNames(),
                        columns)));
  }

  private static void requireDifferent(List<ColumnRole> layout, ColumnMapping mapping) {
    Set<String> columns = new HashSet<>();
    for (ColumnRole role : layout) {
      if (!columns.add(role.in(mapping))) {
        throw new DatasetException(
            Reason.INVALID_MAPPING,
            "Column '%s' is named for more than one of %s"
                .formatted(role.in(mapping), names(layout)));
      }
    }
  }

  private static String described(List<List<ColumnRole>> layouts) {
    return layouts.stream().map(UsualColumns::names).collect(Collectors.joining(", or "));
  }

  private static String names(List<ColumnRole> roles) {
    return roles.stream().map(ColumnRole::apiName).collect(Collectors.joining(" and "));
  }
}
