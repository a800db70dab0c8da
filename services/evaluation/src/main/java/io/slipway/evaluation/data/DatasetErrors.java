package io.slipway.evaluation.data;

import io.slipway.datasets.DatasetException;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import java.util.function.Supplier;

/** What is wrong with a dataset, as the API says it. */
public final class DatasetErrors {

  private DatasetErrors() {}

  /** Does some work on a dataset, and translates what is wrong with the dataset. */
  public static <T> T translating(Supplier<T> work) {
    try {
      return work.get();
    } catch (DatasetException e) {
      throw new SlipwayException(code(e.reason()), sentence(e), e);
    }
  }

  private static ErrorCode code(DatasetException.Reason reason) {
    return switch (reason) {
      case MISSING_COLUMN -> ErrorCode.MISSING_COLUMN;
      case UNKNOWN_LABEL -> ErrorCode.UNKNOWN_LABEL;
      case ONE_CLASS_ONLY -> ErrorCode.ONE_CLASS_ONLY;
      case INVALID_MAPPING, INVALID_SPLIT -> ErrorCode.INVALID_ARGUMENT;
      case UNREADABLE -> ErrorCode.INTERNAL;
      case UNKNOWN_FORMAT,
          NOT_UTF8,
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
    };
  }

  private static String sentence(DatasetException e) {
    String message = e.getMessage() == null ? e.reason().name() : e.getMessage();
    return message.endsWith(".") ? message : message + ".";
  }
}
