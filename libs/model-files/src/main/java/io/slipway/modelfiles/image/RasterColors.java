package io.slipway.modelfiles.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/** RGB from the samples of decoded images, without color management, as PIL does it. */
final class RasterColors {

  private static final int DEPTH_AT = 24;
  private static final int COLOR_TYPE_AT = 25;
  private static final int GRAY = 0;

  private RasterColors() {}

  /**
   * Of samples of 16 bits the upper 8 count; but gray ones without transparency are clipped to 255,
   * since PIL holds these as integers.
   */
  static RgbImage rgb(byte[] png, BufferedImage decoded) {
    boolean clipped = png[DEPTH_AT] == 16 && png[COLOR_TYPE_AT] == GRAY;
    return rgb(decoded, clipped);
  }

  static RgbImage rgb(BufferedImage decoded) {
    return rgb(decoded, false);
  }

  private static RgbImage rgb(BufferedImage decoded, boolean clipped) {
    RgbImage image = RgbImage.black(decoded.getWidth(), decoded.getHeight());
    paint(image, decoded, 0, 0, clipped);
    return image;
  }

  /** Paints a decoded image onto another one. */
  static void paint(RgbImage image, BufferedImage decoded, int left, int top, boolean clipped) {
    Raster raster = decoded.getRaster();
    IndexColorModel palette =
        decoded.getColorModel() instanceof IndexColorModel indexed ? indexed : null;
    int[] bits = raster.getSampleModel().getSampleSize();
    int bands = raster.getNumBands();
    int green = bands >= RgbImage.CHANNELS ? 1 : 0;
    int blue = bands >= RgbImage.CHANNELS ? 2 : 0;
    int[] row = new int[raster.getWidth() * bands];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, raster.getWidth(), 1, row);
      for (int x = 0; x < raster.getWidth(); x++) {
        int at = x * bands;
        if (palette != null) {
          image.set(
              x + left,
              y + top,
              palette.getRed(row[at]),
              palette.getGreen(row[at]),
              palette.getBlue(row[at]));
        } else {
          image.set(
              x + left,
              y + top,
              eightBits(row[at], bits[0], clipped),
              eightBits(row[at + green], bits[green], clipped),
              eightBits(row[at + blue], bits[blue], clipped));
        }
      }
    }
  }

  private static int eightBits(int sample, int bits, boolean clipped) {
    if (bits > 8) {
      return clipped ? Math.min(255, sample) : sample >> (bits - 8);
    }
    return bits == 8 ? sample : sample * 255 / ((1 << bits) - 1);
  }
}
