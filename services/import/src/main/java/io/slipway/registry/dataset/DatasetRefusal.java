package io.slipway.registry.dataset;

import io.slipway.artifacts.ArtifactStoreException;
import io.slipway.datasets.DatasetException;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;

/** Why a file is no dataset, or could not be kept, as the caller reads it. */
final class DatasetRefusal {

  private DatasetRefusal() {}

  static SlipwayException of(DatasetException cause) {
    ErrorCode code =
        switch (cause.reason()) {
          case UNKNOWN_FORMAT, INVALID_MAPPING, INVALID_SPLIT -> ErrorCode.INVALID_ARGUMENT;
          case UNREADABLE -> ErrorCode.INTERNAL;
          case MISSING_COLUMN -> ErrorCode.MISSING_COLUMN;
          case UNKNOWN_LABEL -> ErrorCode.UNKNOWN_LABEL;
          case ONE_CLASS_ONLY -> ErrorCode.ONE_CLASS_ONLY;
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
        };
    return new SlipwayException(code, String.valueOf(cause.getMessage()), cause);
  }

  static SlipwayException of(ArtifactStoreException cause) {
    ErrorCode code =
        cause.kind() == ArtifactStoreException.Kind.NO_SPACE
            ? ErrorCode.NO_SPACE
            : ErrorCode.INTERNAL;
    return new SlipwayException(code, String.valueOf(cause.getMessage()), cause);
  }
}
