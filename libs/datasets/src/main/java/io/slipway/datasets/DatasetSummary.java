package io.slipway.datasets;

import java.util.List;

/**
 * What a whole file holds.
 *
 * @param columns in the order of the header, or of first appearance in JSONL
 * @param rowCount at least 1
 */
public record DatasetSummary(List<String> columns, long rowCount) {

  public DatasetSummary {
    columns = List.copyOf(columns);
  }
}
