package io.slipway.modelfiles.image;

import java.awt.image.Raster;

/**
 * The color spaces of JPEG files, and their conversion to RGB in the fixed point of libjpeg (its
 * file jdcolor.c), so that the result equals that of every program that decodes with libjpeg.
 */
enum JpegColors {
  GRAY,
  RGB,
  YCC,
  CMYK,
  /** Luminance and chrominance of inverted CMY, and black. */
  YCCK;

  private static final int SCALE_BITS = 16;
  private static final int HALF = 1 << (SCALE_BITS - 1);
  private static final byte[] JFIF = ImageFormat.ascii("JFIF\0");
  private static final byte[] ADOBE = ImageFormat.ascii("Adobe");

  /** Judges by the markers before the picture, as libjpeg does. */
  static JpegColors of(byte[] jpeg) {
    boolean jfif = false;
    int transform = -1;
    for (JpegSegments.Segment segment : JpegSegments.of(jpeg)) {
      if (segment.marker() == 0xe0) {
        jfif |= ImageFormat.startsWith(jpeg, segment.begin(), JFIF);
      } else if (segment.marker() == 0xee
          && segment.end() - segment.begin() >= 12
          && ImageFormat.startsWith(jpeg, segment.begin(), ADOBE)) {
        transform = jpeg[segment.begin() + 11] & 0xff;
      } else if (segment.isFrame()) {
        return of(jpeg, segment, jfif, transform);
      }
    }
    throw new ImageException("the JPEG image is damaged: it has no frame");
  }

  private static JpegColors of(
      byte[] jpeg, JpegSegments.Segment frame, boolean jfif, int transform) {
    int components = jpeg[frame.begin() + 5] & 0xff;
    return switch (components) {
      case 1 -> GRAY;
      case 3 -> {
        boolean named =
            jpeg[frame.begin() + 6] == 'R'
                && jpeg[frame.begin() + 9] == 'G'
                && jpeg[frame.begin() + 12] == 'B';
        boolean rgb = !jfif && (transform == 0 || (transform < 0 && named));
        yield rgb ? RGB : YCC;
      }
      case 4 -> transform <= 0 ? CMYK : YCCK;
      default ->
          throw new ImageException(
              "the JPEG image has %d components, expected 1, 3 or 4".formatted(components));
    };
  }

  /**
   * @param raster samples as they are in the file; where there is black, they are stored inverted
   */
  RgbImage rgb(Raster raster) {
    RgbImage image = RgbImage.black(raster.getWidth(), raster.getHeight());
    int bands = raster.getNumBands();
    int[] row = new int[image.width() * bands];
    for (int y = 0; y < image.height(); y++) {
      raster.getPixels(0, y, image.width(), 1, row);
      for (int x = 0; x < image.width(); x++) {
        set(image, x, y, row, x * bands);
      }
    }
    return image;
  }

  private void set(RgbImage image, int x, int y, int[] row, int at) {
    int first = row[at];
    switch (this) {
      case GRAY -> image.set(x, y, first, first, first);
      case RGB -> image.set(x, y, first, row[at + 1], row[at + 2]);
      case YCC ->
          image.set(
              x,
              y,
              red(first, row[at + 2]),
              green(first, row[at + 1], row[at + 2]),
              blue(first, row[at + 1]));
      case CMYK -> {
        int paper = row[at + 3];
        image.set(
            x,
            y,
            printed(255 - first, paper),
            printed(255 - row[at + 1], paper),
            printed(255 - row[at + 2], paper));
      }
      case YCCK -> {
        int paper = row[at + 3];
        image.set(
            x,
            y,
            printed(red(first, row[at + 2]), paper),
            printed(green(first, row[at + 1], row[at + 2]), paper),
            printed(blue(first, row[at + 1]), paper));
      }
    }
  }

  /**
   * What an ink leaves of a primary color.
   *
   * @param paper 255 less the black ink
   */
  private static int printed(int ink, int paper) {
    int product = ink * paper + 128;
    return eightBits(paper - (((product >> 8) + product) >> 8));
  }

  private static int red(int luminance, int cr) {
    return eightBits(luminance + ((fix(1.40200) * (cr - 128) + HALF) >> SCALE_BITS));
  }

  private static int green(int luminance, int cb, int cr) {
    int chrominance = -fix(0.34414) * (cb - 128) - fix(0.71414) * (cr - 128) + HALF;
    return eightBits(luminance + (chrominance >> SCALE_BITS));
  }

  private static int blue(int luminance, int cb) {
    return eightBits(luminance + ((fix(1.77200) * (cb - 128) + HALF) >> SCALE_BITS));
  }

  private static int fix(double factor) {
    return (int) (factor * (1 << SCALE_BITS) + 0.5);
  }

  private static int eightBits(int value) {
    return Math.clamp(value, 0, 255);
  }
}
