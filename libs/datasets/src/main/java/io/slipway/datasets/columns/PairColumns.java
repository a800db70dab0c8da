package io.slipway.datasets.columns;

import io.slipway.datasets.DatasetException;
import io.slipway.datasets.DatasetException.Reason;
import io.slipway.datasets.Row;
import io.slipway.datasets.RowMapping;
import java.util.List;

/** Columns for summarization and translation. */
public record PairColumns(String text, String target) implements RowMapping<TextPair> {

  /**
   * @throws DatasetException INVALID_MAPPING
   */
  public static PairColumns fromProto(io.slipway.dataset.v1.ColumnMapping mapping) {
    return new PairColumns(ColumnRole.TEXT.require(mapping), ColumnRole.TARGET.require(mapping));
  }

  @Override
  public List<String> required() {
    return List.of(text, target);
  }

  @Override
  public TextPair apply(Row row) {
    return new TextPair(
        row.requireText(text, Reason.TEXT_MISSING), row.requireText(target, Reason.TEXT_MISSING));
  }

  @Override
  public String identity(Row row) {
    return row.value(text).orElse("");
  }
}
