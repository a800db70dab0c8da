package io.slipway.datasets;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the rows of an open file in order; every method may throw {@link DatasetException}. */
interface RowReader extends AutoCloseable {

  /** The next row, or null at the end. */
  @Nullable Row next();

  /** The columns of the header; in JSONL those that have appeared so far. */
  List<String> columns();

  @Override
  void close();
}
