package io.slipway.modelfiles.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How an image has to be turned to stand upright.
 *
 * @param swapped whether rows and columns change places, before anything is mirrored
 * @param mirroredX whether columns are in reverse then
 * @param mirroredY whether rows are in reverse then
 * @see <a href="https://www.cipa.jp/std/documents/e/DC-008-2012_E.pdf">EXIF 2.3, tag 274</a>
 */
record ExifOrientation(boolean swapped, boolean mirroredX, boolean mirroredY) {

  private static final byte[] EXIF = ImageFormat.ascii("Exif\0\0");
  private static final int TAG = 274;
  private static final int SHORT = 3;
  private static final int ENTRY_BYTES = 12;
  private static final int EXIF_CHUNK = 0x65584966;

  /** Upright where the file says nothing, or nothing that can be understood. */
  static ExifOrientation of(ImageFormat format, byte[] encoded) {
    int value =
        switch (format) {
          case JPEG -> inJpeg(encoded);
          case PNG -> inPng(encoded);
          case GIF, BMP -> 1;
        };
    return new ExifOrientation(
        value >= 5 && value <= 8,
        value == 2 || value == 3 || value == 6 || value == 7,
        value == 3 || value == 4 || value == 7 || value == 8);
  }

  RgbImage upright(RgbImage image) {
    if (!swapped && !mirroredX && !mirroredY) {
      return image;
    }
    int width = swapped ? image.height() : image.width();
    int height = swapped ? image.width() : image.height();
    RgbImage turned = RgbImage.black(width, height);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int column = mirroredX ? width - 1 - x : x;
        int row = mirroredY ? height - 1 - y : y;
        int source = swapped ? column * image.width() + row : row * image.width() + column;
        System.arraycopy(
            image.samples(),
            source * RgbImage.CHANNELS,
            turned.samples(),
            (y * width + x) * RgbImage.CHANNELS,
            RgbImage.CHANNELS);
      }
    }
    return turned;
  }

  private static int inJpeg(byte[] jpeg) {
    for (JpegSegments.Segment segment : JpegSegments.of(jpeg)) {
      if (segment.marker() == 0xe1 && ImageFormat.startsWith(jpeg, segment.begin(), EXIF)) {
        int begin = segment.begin() + EXIF.length;
        return orientation(ByteBuffer.wrap(jpeg, begin, segment.end() - begin).slice());
      }
    }
    return 1;
  }

  private static int inPng(byte[] png) {
    ByteBuffer file = ByteBuffer.wrap(png);
    int at = 8;
    while (at + 12 <= png.length) {
      int length = file.getInt(at);
      if (length < 0 || length > png.length - at - 12) {
        return 1;
      }
      if (file.getInt(at + 4) == EXIF_CHUNK) {
        return orientation(file.slice(at + 8, length));
      }
      at += 12 + length;
    }
    return 1;
  }

  /**
   * @param tiff a TIFF header and the directory that it points to
   */
  private static int orientation(ByteBuffer tiff) {
    if (tiff.limit() < 8) {
      return 1;
    }
    tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = tiff.getInt(4);
    if (directory < 8 || directory > tiff.limit() - 2) {
      return 1;
    }
    int entries = tiff.getShort(directory) & 0xffff;
    for (int i = 0; i < entries; i++) {
      int at = directory + 2 + i * ENTRY_BYTES;
      if (at > tiff.limit() - ENTRY_BYTES) {
        return 1;
      }
      if ((tiff.getShort(at) & 0xffff) == TAG && tiff.getShort(at + 2) == SHORT) {
        return tiff.getShort(at + 8) & 0xffff;
      }
    }
    return 1;
  }
}
