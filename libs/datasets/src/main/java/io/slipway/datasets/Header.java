package io.slipway.datasets;

import io.slipway.datasets.DatasetException.Reason;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The column names of a CSV or TSV file; makes rows of lists of fields. */
record Header(List<String> columns) {

  static Header of(long line, List<String> columns, DatasetLimits limits) {
    if (columns.size() > limits.maxColumns()) {
      throw DatasetException.at(
          line,
          Reason.TOO_MANY_COLUMNS,
          "the header has %d columns, the limit is %d"
              .formatted(columns.size(), limits.maxColumns()));
    }
    Set<String> names = new HashSet<>();
    for (String column : columns) {
      if (!names.add(column)) {
        throw DatasetException.at(
            line, Reason.MALFORMED_HEADER, "the header names column '" + column + "' twice");
      }
    }
    return new Header(List.copyOf(columns));
  }

  Row row(long line, List<String> fields) {
    if (fields.size() != columns.size()) {
      throw DatasetException.at(
          line,
          Reason.MALFORMED_ROW,
          "the row has %d fields, expected %d as in the header"
              .formatted(fields.size(), columns.size()));
    }
    Map<String, String> values = LinkedHashMap.newLinkedHashMap(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      values.put(columns.get(i), fields.get(i));
    }
    return new Row(line, values);
  }
}
