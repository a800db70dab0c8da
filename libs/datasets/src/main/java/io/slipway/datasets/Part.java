package io.slipway.datasets;

import io.slipway.dataset.v1.SplitPart;
import io.slipway.datasets.DatasetException.Reason;

/** A part of a divided dataset. */
public enum Part {
  TRAIN,
  VALIDATION,
  TEST;

  /**
   * @throws DatasetException INVALID_SPLIT when the value is not set or not known
   */
  public static Part fromProto(SplitPart.Part part) {
    return switch (part) {
      case PART_TRAIN -> TRAIN;
      case PART_VALIDATION -> VALIDATION;
      case PART_TEST -> TEST;
      case PART_UNSPECIFIED, UNRECOGNIZED ->
          throw new DatasetException(
              Reason.INVALID_SPLIT,
              "The part of the split is " + part + ": expected TRAIN, VALIDATION or TEST");
    };
  }

  public SplitPart.Part toProto() {
    return switch (this) {
      case TRAIN -> SplitPart.Part.PART_TRAIN;
      case VALIDATION -> SplitPart.Part.PART_VALIDATION;
      case TEST -> SplitPart.Part.PART_TEST;
    };
  }
}
