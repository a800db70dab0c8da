package io.slipway.modelfiles.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes what javax.imageio can, and makes RGB of it as PIL's {@code convert("RGB")} does. The
 * size is checked before pixels are decoded.
 */
final class ImageDecoding {

  private ImageDecoding() {}

  static RgbImage decode(byte[] encoded) {
    return opened(
        encoded,
        (format, reader) -> {
          List<String> warnings = new ArrayList<>();
          reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
          RgbImage image = read(format, encoded, reader);
          checkWhole(format, warnings);
          return ExifOrientation.of(format, encoded).upright(image);
        });
  }

  /** Format and size, without pixels. */
  static void check(byte[] encoded) {
    var _ = opened(encoded, (format, reader) -> format);
  }

  /** What is done with an image whose size has been checked. */
  @FunctionalInterface
  private interface Reading<T> {
    T read(ImageFormat format, ImageReader reader) throws IOException;
  }

  private static <T> T opened(byte[] encoded, Reading<T> reading) {
    ImageFormat format = ImageFormat.of(encoded);
    ImageReader reader = ImageIO.getImageReadersByFormatName(format.name()).next();
    try (var stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(encoded))) {
      // Metadata is skipped: it is not needed, and compressed texts in it may be bombs.
      reader.setInput(stream, true, true);
      checkSize(format, reader.getWidth(0), reader.getHeight(0));
      return reading.read(format, reader);
    } catch (IOException | RuntimeException e) {
      // The readers of the JDK throw unchecked exceptions of many kinds on damaged input.
      if (e instanceof ImageException known) {
        throw known;
      }
      throw new ImageException("the %s image is damaged: %s".formatted(format, e.getMessage()), e);
    } finally {
      reader.dispose();
    }
  }

  private static RgbImage read(ImageFormat format, byte[] encoded, ImageReader reader)
      throws IOException {
    return switch (format) {
      case JPEG -> JpegColors.of(encoded).rgb(reader.readRaster(0, null));
      case PNG -> RasterColors.rgb(encoded, reader.read(0));
      case GIF -> {
        GifScreen screen = GifScreen.of(encoded);
        checkSize(format, screen.width(), screen.height());
        yield screen.paint(reader.read(0));
      }
      case BMP -> RasterColors.rgb(reader.read(0));
    };
  }

  private static void checkSize(ImageFormat format, int width, int height) {
    if (width < 1 || height < 1 || (long) width * height > ImagePreprocessor.MAX_PIXELS) {
      throw new ImageException(
          "the %s image has %d x %d pixels, expected 1 to %d"
              .formatted(format, width, height, ImagePreprocessor.MAX_PIXELS));
    }
  }

  /** The JPEG reader fills what is missing with gray and only warns. */
  private static void checkWhole(ImageFormat format, List<String> warnings) {
    for (String warning : warnings) {
      String lower = warning.toLowerCase(Locale.ROOT);
      if (lower.contains("missing eoi marker") || lower.contains("premature end")) {
        throw new ImageException("the %s image is truncated".formatted(format));
      }
    }
  }
}
