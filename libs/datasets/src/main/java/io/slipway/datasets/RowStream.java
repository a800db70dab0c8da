package io.slipway.datasets;

import io.slipway.datasets.DatasetException.Reason;
import java.io.UncheckedIOException;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A file's rows as a sequential stream that owns the open file. */
final class RowStream extends AbstractSpliterator<Row> {

  private final DatasetFile file;
  private final RowReader reader;
  private @Nullable RowMapping<?> required;
  private long count;

  RowStream(DatasetFile file) {
    super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
    this.file = file;
    this.reader = file.open();
  }

  /** Fails at the first row when the file does not have the columns. */
  RowStream requiring(RowMapping<?> columns) {
    this.required = columns;
    return this;
  }

  Stream<Row> stream() {
    return StreamSupport.stream(this, false).onClose(reader::close);
  }

  @Override
  public boolean tryAdvance(Consumer<? super Row> action) {
    Row row = read();
    if (row == null) {
      file.requireRows(count);
      return false;
    }
    if (count++ == 0 && required != null) {
      requireColumns(required, row);
    }
    action.accept(row);
    return true;
  }

  private @Nullable Row read() {
    try {
      return reader.next();
    } catch (UncheckedIOException e) {
      throw file.unreadable(e);
    }
  }

  /** In JSONL a null counts as naming the column. */
  private void requireColumns(RowMapping<?> columns, Row first) {
    try {
      columns.requireIn(reader.columns());
    } catch (DatasetException e) {
      throw DatasetException.at(
          first.line(), Reason.MISSING_COLUMN, String.valueOf(e.getMessage()));
    }
  }
}
