package io.slipway.datasets;

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
}
