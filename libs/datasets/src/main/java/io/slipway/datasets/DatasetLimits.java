package io.slipway.datasets;

/**
 * What a file may cost to read.
 *
 * @param maxRowBytes longest row, in bytes of UTF-8; also the memory that a row may take
 * @param maxColumns most columns of a file
 * @param maxClasses most distinct labels
 */
public record DatasetLimits(int maxRowBytes, int maxColumns, int maxClasses) {

  public static final DatasetLimits DEFAULT = new DatasetLimits(1 << 20, 1_000, 1_000);

  public DatasetLimits {
    if (maxRowBytes < 1 || maxColumns < 1 || maxClasses < 2) {
      throw new IllegalArgumentException(
          "Limits of %d bytes a row, %d columns and %d classes: expected at least 1, 1 and 2"
              .formatted(maxRowBytes, maxColumns, maxClasses));
    }
  }
}
