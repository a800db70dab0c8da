package io.slipway.modelfiles.image;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.image.ImageSize.Dimensions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Turns encoded images into a model's pixel values as the reference's pipeline does: decoded,
 * turned upright by their EXIF orientation, made RGB (transparency is dropped, not blended),
 * resized as PIL does it, cropped, rescaled and normalized. Immutable, so safe for use by many
 * threads.
 */
public final class ImagePreprocessor {

  /** Pixels at most of an image, as it is sent and as it is resized. */
  public static final int MAX_PIXELS = 50_000_000;

  private final ImageProcessorConfig config;

  private ImagePreprocessor(ImageProcessorConfig config) {
    this.config = config;
  }

  /**
   * Reads a checkpoint's preprocessor_config.json.
   *
   * @throws ModelFilesException when it is missing or malformed, or asks for something that is not
   *     supported
   */
  public static ImagePreprocessor open(Path directory) throws IOException {
    return new ImagePreprocessor(ImageProcessorConfig.read(directory));
  }

  /**
   * Looks at an image's beginning.
   *
   * @throws ImageException when it is of no format that {@link #preprocess} takes, or too large
   */
  public static void requireImage(byte[] encoded) {
    ImageDecoding.check(encoded);
  }

  /**
   * Prepares one image.
   *
   * @param encoded a PNG, JPEG, GIF (its first frame) or BMP file
   * @return three channels; all images come out in the same size unless the configuration keeps
   *     proportions and does not crop
   * @throws ImageException when it is none of these, is damaged, or has more than {@link
   *     #MAX_PIXELS}
   */
  public PixelValues preprocess(byte[] encoded) {
    RgbImage image = ImageDecoding.decode(encoded);
    if (config.size().isPresent()) {
      image =
          config.type() == ImageProcessorType.CONVNEXT
              ? resizeWithMargin(image, (ImageSize.ShortestEdge) config.size().get())
              : resize(image, config.size().get());
    }
    Optional<ImageSize.Exact> crop = config.cropSize();
    if (crop.isPresent()) {
      image = image.centerCrop(crop.get().width(), crop.get().height());
    }
    return values(image);
  }

  private RgbImage resizeWithMargin(RgbImage image, ImageSize.ShortestEdge size) {
    int edge = size.edge();
    if (edge >= ImageProcessorType.WARPED_EDGE) {
      return resize(image, new ImageSize.Exact(edge, edge));
    }
    int larger = (int) (edge / config.cropPct());
    return resize(image, new ImageSize.ShortestEdge(larger, size.longest())).centerCrop(edge, edge);
  }

  private RgbImage resize(RgbImage image, ImageSize size) {
    Dimensions target = size.of(image.width(), image.height());
    // Between the two passes the image has the new width and the old height.
    long pixels = (long) target.width() * Math.max(target.height(), image.height());
    if (target.width() < 1 || target.height() < 1 || pixels > MAX_PIXELS) {
      throw new ImageException(
          "an image of %d x %d pixels would be resized to %d x %d, expected 1 to %d pixels"
              .formatted(
                  image.width(), image.height(), target.width(), target.height(), MAX_PIXELS));
    }
    return Resizing.resize(image, target.width(), target.height(), config.resampling());
  }

  private PixelValues values(RgbImage image) {
    int pixels = image.width() * image.height();
    float[] values = new float[Math.multiplyExact(pixels, RgbImage.CHANNELS)];
    for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
      float[] table = table(channel);
      for (int i = 0; i < pixels; i++) {
        values[channel * pixels + i] =
            table[image.samples()[i * RgbImage.CHANNELS + channel] & 0xff];
      }
    }
    return new PixelValues(values, RgbImage.CHANNELS, image.height(), image.width());
  }

  /** What each sample becomes; scaled in double, normalized in single precision. */
  private float[] table(int channel) {
    float[] table = new float[256];
    for (int sample = 0; sample < table.length; sample++) {
      double factor = config.rescaleFactor().orElse(1.0);
      table[sample] = (float) (sample * factor);
      if (!config.mean().isEmpty()) {
        table[sample] = (table[sample] - config.mean().get(channel)) / config.std().get(channel);
      }
    }
    return table;
  }
}
