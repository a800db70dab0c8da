package io.slipway.modelfiles.image;

/**
 * Decoded pixels.
 *
 * @param samples red, green and blue of each pixel, row by row: {@code [height, width, 3]}
 */
@SuppressWarnings("ArrayRecordComponent")
record RgbImage(byte[] samples, int width, int height) {

  static final int CHANNELS = 3;

  static RgbImage black(int width, int height) {
    return new RgbImage(new byte[Math.multiplyExact(width * CHANNELS, height)], width, height);
  }

  void set(int x, int y, int red, int green, int blue) {
    int at = (y * width + x) * CHANNELS;
    samples[at] = (byte) red;
    samples[at + 1] = (byte) green;
    samples[at + 2] = (byte) blue;
  }

  /**
   * The part of this size around the center; black is added where the image is smaller. Where the
   * margins are odd, the reference puts the smaller one first when it cuts and the larger one first
   * when it adds.
   */
  RgbImage centerCrop(int cropWidth, int cropHeight) {
    RgbImage crop = black(cropWidth, cropHeight);
    int left = offset(width, cropWidth);
    int top = offset(height, cropHeight);
    int from = Math.max(0, left);
    int count = Math.min(width, left + cropWidth) - from;
    for (int y = 0; y < cropHeight; y++) {
      int source = y + top;
      if (source >= 0 && source < height) {
        System.arraycopy(
            samples,
            (source * width + from) * CHANNELS,
            crop.samples,
            (y * cropWidth + from - left) * CHANNELS,
            count * CHANNELS);
      }
    }
    return crop;
  }

  /** Where the crop begins in the image; negative where it begins before it. */
  private static int offset(int size, int crop) {
    return Math.floorDiv(size - crop, 2);
  }
}
