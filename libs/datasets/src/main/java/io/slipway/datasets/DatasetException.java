package io.slipway.datasets;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Says why a dataset cannot be used; {@link #reason()} is stable, the message is not. */
public final class DatasetException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What is wrong; the names go out to callers. */
  public enum Reason {
    /** The file name's extension is none that is known. */
    UNKNOWN_FORMAT,
    NOT_UTF8,
    EMPTY_DATASET,
    MALFORMED_HEADER,
    MALFORMED_ROW,
    ROW_TOO_LARGE,
    TOO_MANY_COLUMNS,
    /** The mapping is contradictory in itself. */
    INVALID_MAPPING,
    /** The mapping names a column that the dataset does not have. */
    MISSING_COLUMN,
    TEXT_MISSING,
    LABEL_MISSING,
    /** A value is not of the kind that its column has to have, or does not fit its neighbours. */
    WRONG_VALUE,
    /** A row has a label that the model does not know. */
    UNKNOWN_LABEL,
    ONE_CLASS_ONLY,
    TOO_MANY_CLASSES,
    TOO_FEW_ROWS,
    /** All rows of a class fell into other parts than the train part. */
    CLASS_NOT_IN_TRAIN,
    INVALID_SPLIT,
    /** The file cannot be read, or is not the one that a split was made from. */
    UNREADABLE
  }

  private final Reason reason;
  private final long line;

  public DatasetException(Reason reason, String message) {
    this(reason, 0, message, null);
  }

  private DatasetException(Reason reason, long line, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.line = line;
  }

  static DatasetException at(long line, Reason reason, String message) {
    return new DatasetException(reason, line, "Line " + line + ": " + message, null);
  }

  static DatasetException unreadable(String message, Throwable cause) {
    return new DatasetException(Reason.UNREADABLE, 0, message, cause);
  }

  public Reason reason() {
    return reason;
  }

  /** The line of the file, from 1, where one is to blame. */
  public OptionalLong line() {
    return line > 0 ? OptionalLong.of(line) : OptionalLong.empty();
  }
}
