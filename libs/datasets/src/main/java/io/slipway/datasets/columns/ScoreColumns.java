package io.slipway.datasets.columns;

import io.slipway.datasets.DatasetException;
import io.slipway.datasets.DatasetException.Reason;
import io.slipway.datasets.Row;
import io.slipway.datasets.RowMapping;
import java.util.List;

/**
 * Columns for text classification whose {@code problem_type} is regression.
 *
 * @param label column with a number
 */
public record ScoreColumns(String text, String label) implements RowMapping<ScoredText> {

  /**
   * @throws DatasetException INVALID_MAPPING
   */
  public static ScoreColumns fromProto(io.slipway.dataset.v1.ColumnMapping mapping) {
    return new ScoreColumns(ColumnRole.TEXT.require(mapping), ColumnRole.LABEL.require(mapping));
  }

  @Override
  public List<String> required() {
    return List.of(text, label);
  }

  @Override
  public ScoredText apply(Row row) {
    return new ScoredText(
        row.require(text, Reason.TEXT_MISSING),
        number(row, row.requireText(label, Reason.LABEL_MISSING)));
  }

  private double number(Row row, String value) {
    try {
      double number = Double.parseDouble(value.strip());
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw CellValues.wrong(row, label, value, "a number");
    }
    throw CellValues.wrong(row, label, value, "a finite number");
  }

  @Override
  public String identity(Row row) {
    return row.value(text).orElse("");
  }
}
