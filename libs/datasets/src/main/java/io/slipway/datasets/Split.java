package io.slipway.datasets;

import io.slipway.datasets.DatasetException.Reason;
import java.util.stream.Stream;

/**
 * A division of a dataset's rows into train, validation and test parts, stratified by label where
 * rows have one. It is a pure function of the rows, the fractions and the seed. Rows whose texts
 * are equal up to case and white space are never in different parts, so nothing is tested on what
 * it was trained on.
 *
 * <p>The labels that count are the dataset's own, not the model's, so that mapping labels
 * differently does not move rows from one part to another.
 *
 * @param validationFraction of each label's rows, 0 to 0.5
 * @param testFraction of each label's rows, 0 to 0.5
 */
public record Split(double validationFraction, double testFraction, long seed) {

  private static final double DEFAULT_FRACTION = 0.1;

  /** A tenth for validation, a tenth for the test, seed 0. */
  public static final Split DEFAULT = new Split(DEFAULT_FRACTION, DEFAULT_FRACTION, 0);

  /**
   * @throws DatasetException INVALID_SPLIT
   */
  public Split {
    requireFraction("validation", validationFraction);
    requireFraction("test", testFraction);
    if (validationFraction + testFraction >= 1) {
      throw new DatasetException(
          Reason.INVALID_SPLIT,
          "Validation fraction %s and test fraction %s leave nothing to train on"
              .formatted(validationFraction, testFraction));
    }
  }

  private static void requireFraction(String part, double fraction) {
    if (!(fraction >= 0 && fraction <= 0.5)) {
      throw new DatasetException(
          Reason.INVALID_SPLIT,
          "The %s fraction is %s: expected 0 to 0.5".formatted(part, fraction));
    }
  }

  /**
   * Fractions that are not set are 0.1.
   *
   * @throws DatasetException INVALID_SPLIT
   */
  public static Split fromProto(io.slipway.dataset.v1.Split split) {
    return new Split(
        split.hasValidationFraction() ? split.getValidationFraction() : DEFAULT_FRACTION,
        split.hasTestFraction() ? split.getTestFraction() : DEFAULT_FRACTION,
        split.getSeed());
  }

  public io.slipway.dataset.v1.Split toProto() {
    return io.slipway.dataset.v1.Split.newBuilder()
        .setValidationFraction(validationFraction)
        .setTestFraction(testFraction)
        .setSeed(seed)
        .build();
  }

  /**
   * Reads the file once and decides the part of each row. Memory grows with the number of rows,
   * about 32 bytes each, and not with their length.
   *
   * @throws DatasetException as {@link DatasetFile#labelCounts}
   */
  public SplitAssignment assign(DatasetFile file, RowMapping<?> columns) {
    var index = new RowIndex();
    try (Stream<Row> rows = file.rows(columns)) {
      rows.forEach(
          row -> {
            var _ = columns.apply(row);
            index.add(columns.identity(row), columns.stratum(row));
            file.requireClasses(index.labels().size(), columns);
          });
    }
    return new Stratification(this, index.finish()).assign();
  }
}
