package io.slipway.kit.errors;

import io.slipway.datasets.DatasetException;
import java.util.function.Supplier;

/** What is wrong with a dataset, in the platform's codes. For services that read datasets. */
public final class DatasetRefusals {

  private DatasetRefusals() {}

  /**
   * Does some work on a dataset.
   *
   * @throws SlipwayException in place of a {@link DatasetException}
   */
  public static <T> T translating(Supplier<T> work) {
    try {
      return work.get();
    } catch (DatasetException e) {
      throw SlipwayException.because(codeOf(e), e);
    }
  }

  public static ErrorCode codeOf(DatasetException cause) {
    return switch (cause.reason()) {
      case MISSING_COLUMN -> ErrorCode.MISSING_COLUMN;
      case UNKNOWN_LABEL -> ErrorCode.UNKNOWN_LABEL;
      case ONE_CLASS_ONLY -> ErrorCode.ONE_CLASS_ONLY;
      case UNKNOWN_FORMAT, INVALID_MAPPING, INVALID_SPLIT -> ErrorCode.INVALID_ARGUMENT;
      case NOT_UTF8,
          EMPTY_DATASET,
          MALFORMED_HEADER,
          MALFORMED_ROW,
          ROW_TOO_LARGE,
          TOO_MANY_COLUMNS,
          TEXT_MISSING,
          LABEL_MISSING,
          WRONG_VALUE,
          TOO_MANY_CLASSES,
          TOO_FEW_ROWS,
          CLASS_NOT_IN_TRAIN ->
          ErrorCode.MALFORMED_DATASET;
      case UNREADABLE -> ErrorCode.INTERNAL;
    };
  }
}
