package io.slipway.datasets;

import io.slipway.datasets.DatasetException.Reason;
import java.util.List;

/**
 * Which columns of a dataset play which part for a task, and how its rows become examples of it.
 *
 * @param <E> an example
 */
public interface RowMapping<E> {

  /** Columns that a dataset has to have. */
  List<String> required();

  /**
   * Reads a row.
   *
   * @throws DatasetException with the row's line, when it is no example
   */
  E apply(Row row);

  /** Rows in which this is equal up to case and white space are never in different parts. */
  String identity(Row row);

  /**
   * By what a split is stratified: the dataset's own label of the row, so that naming labels
   * otherwise moves no row; empty where rows do not have one label each.
   */
  default String stratum(Row row) {
    return "";
  }

  /** The column that the model's labels come from; empty where the task has none. */
  default String labelColumn() {
    return "";
  }

  /** The model's labels in an example, each as often as it counts. */
  default List<String> labels(E example) {
    return List.of();
  }

  /** Labels without which there is nothing to learn; counts where there are labels. */
  default int fewestLabels() {
    return 2;
  }

  /**
   * Checks that a dataset with {@code columns} has those that are required.
   *
   * @throws DatasetException MISSING_COLUMN with the columns that there are
   */
  default void requireIn(List<String> columns) {
    for (String wanted : required()) {
      if (!columns.contains(wanted)) {
        throw new DatasetException(
            Reason.MISSING_COLUMN, "The dataset has no column '" + wanted + "'; it has " + columns);
      }
    }
  }
}
