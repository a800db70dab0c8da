package io.slipway.models.architecture.vision;

import io.slipway.modelfiles.ModelConfig;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/** What models of images ask of their inputs. */
final class Images {

  private Images() {}

  /** Colours of an image, {@code num_channels}. */
  static int channels(ModelConfig json) {
    return json.has("num_channels") ? json.requirePositiveInt("num_channels") : 3;
  }

  /**
   * Refuses images of another shape, before they become an error without a name.
   *
   * @throws IllegalArgumentException naming both shapes
   */
  static void check(Tensor pixels, long channels, long height, long width) {
    check(pixels, channels);
    if (pixels.size(2) != height || pixels.size(3) != width) {
      throw new IllegalArgumentException(
          "images of %d x %d pixels, but the model is for %d x %d"
              .formatted(pixels.size(2), pixels.size(3), height, width));
    }
  }

  /** The same, of images that may have any size. */
  static void check(Tensor pixels, long channels) {
    if (pixels.dim() != 4 || pixels.size(1) != channels) {
      throw new IllegalArgumentException(
          "pixels of shape %s, but the model is for [images, %d, height, width]"
              .formatted(Arrays.toString(pixels.shape()), channels));
    }
  }
}
