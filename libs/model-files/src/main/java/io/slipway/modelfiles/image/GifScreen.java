package io.slipway.modelfiles.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;

/**
 * The logical screen of a GIF file and where its first frame lies on it. What the frame leaves free
 * has the color of the transparent index, or of index 0.
 *
 * @param width enlarged where the frame reaches beyond it
 * @param height likewise
 * @param background an index of the frame's palette
 */
record GifScreen(int width, int height, int left, int top, int background) {

  private static final int HEADER_BYTES = 13;

  static GifScreen of(byte[] gif) {
    try {
      int at = HEADER_BYTES + colorTableBytes(gif[10]);
      int transparent = 0;
      while (gif[at] == 0x21) {
        boolean control = (gif[at + 1] & 0xff) == 0xf9;
        if (control && (gif[at + 3] & 1) != 0) {
          transparent = gif[at + 6] & 0xff;
        }
        at += 2;
        while (gif[at] != 0) {
          at += 1 + (gif[at] & 0xff);
        }
        at++;
      }
      if (gif[at] != 0x2c) {
        throw new ImageException("the GIF image is damaged: it has no frame");
      }
      int left = unsignedShort(gif, at + 1);
      int top = unsignedShort(gif, at + 3);
      return new GifScreen(
          Math.max(unsignedShort(gif, 6), left + unsignedShort(gif, at + 5)),
          Math.max(unsignedShort(gif, 8), top + unsignedShort(gif, at + 7)),
          left,
          top,
          transparent);
    } catch (ArrayIndexOutOfBoundsException e) {
      throw new ImageException("the GIF image is truncated", e);
    }
  }

  /** The screen with the frame on it. */
  RgbImage paint(BufferedImage frame) {
    RgbImage image = RgbImage.black(width, height);
    if (frame.getWidth() < width || frame.getHeight() < height) {
      fill(image, frame);
    }
    RasterColors.paint(image, frame, left, top, false);
    return image;
  }

  private void fill(RgbImage image, BufferedImage frame) {
    if (frame.getColorModel() instanceof IndexColorModel palette
        && background < palette.getMapSize()) {
      for (int i = 0; i < width * height; i++) {
        image.set(
            i % width,
            i / width,
            palette.getRed(background),
            palette.getGreen(background),
            palette.getBlue(background));
      }
    }
  }

  private static int colorTableBytes(byte flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  private static int unsignedShort(byte[] bytes, int at) {
    return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
  }
}
