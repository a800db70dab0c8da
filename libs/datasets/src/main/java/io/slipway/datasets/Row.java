package io.slipway.datasets;

import io.slipway.datasets.DatasetException.Reason;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/**
 * One row of a file.
 *
 * @param line where it begins, from 1
 * @param values text by column, in the file's order; a JSON null is absent, a JSON number or
 *     boolean is its own text, a JSON array or object is JSON
 */
public record Row(long line, Map<String, String> values) {

  public Row {
    values = Collections.unmodifiableMap(values);
  }

  public Optional<String> value(String column) {
    return Optional.ofNullable(values.get(column));
  }

  /**
   * The text of a column, which may be empty.
   *
   * @throws DatasetException with {@code reason} when the row does not have it
   */
  public String require(String column, Reason reason) {
    return value(column).orElseThrow(() -> without(column, reason));
  }

  /** Like {@link #require}, and refuses blank text too. */
  public String requireText(String column, Reason reason) {
    return value(column).filter(text -> !text.isBlank()).orElseThrow(() -> without(column, reason));
  }

  private DatasetException without(String column, Reason reason) {
    return refused(reason, "the row has no '" + column + "'");
  }

  /** Why this row is none that can be used. */
  public DatasetException refused(Reason reason, String why) {
    return DatasetException.at(line, reason, why);
  }
}
