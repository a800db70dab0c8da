package io.slipway.modelfiles.image;

/**
 * Resizing that gives PIL's result bit for bit: a horizontal and a vertical pass, each with weights
 * in fixed point and its result rounded to eight bits; a kernel that makes an image smaller is
 * stretched, so that every pixel counts.
 *
 * @see <a href="https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c">The
 *     reference</a>
 */
final class Resizing {

  /** 32 bits less 8 for the sample and 2 for the kernels' overshoot. */
  private static final int PRECISION_BITS = 32 - 8 - 2;

  /**
   * What each pixel of a resized row or column is made of.
   *
   * @param first the first source pixel of each
   * @param weights of the source pixels from there on, in fixed point
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Kernels(int[] first, int[][] weights) {}

  private Resizing() {}

  static RgbImage resize(RgbImage image, int width, int height, Resampling filter) {
    if (filter == Resampling.NEAREST) {
      return nearest(image, width, height);
    }
    RgbImage resized = image;
    if (width != image.width()) {
      resized = horizontally(resized, width, kernels(image.width(), width, filter));
    }
    if (height != image.height()) {
      resized = vertically(resized, height, kernels(image.height(), height, filter));
    }
    return resized;
  }

  private static RgbImage nearest(RgbImage image, int width, int height) {
    RgbImage resized = RgbImage.black(width, height);
    double scaleX = (double) image.width() / width;
    double scaleY = (double) image.height() / height;
    for (int y = 0; y < height; y++) {
      int sourceY = Math.min(image.height() - 1, (int) ((y + 0.5) * scaleY));
      for (int x = 0; x < width; x++) {
        int sourceX = Math.min(image.width() - 1, (int) ((x + 0.5) * scaleX));
        System.arraycopy(
            image.samples(),
            (sourceY * image.width() + sourceX) * RgbImage.CHANNELS,
            resized.samples(),
            (y * width + x) * RgbImage.CHANNELS,
            RgbImage.CHANNELS);
      }
    }
    return resized;
  }

  private static Kernels kernels(int sourceSize, int size, Resampling filter) {
    double scale = (double) sourceSize / size;
    double stretch = Math.max(1, scale);
    double support = filter.support() * stretch;
    int[] first = new int[size];
    int[][] weights = new int[size][];
    for (int i = 0; i < size; i++) {
      double center = (i + 0.5) * scale;
      int begin = Math.max(0, (int) (center - support + 0.5));
      int end = Math.min(sourceSize, (int) (center + support + 0.5));
      first[i] = begin;
      weights[i] = fixedPoint(begin, end, center, stretch, filter);
    }
    return new Kernels(first, weights);
  }

  private static int[] fixedPoint(
      int begin, int end, double center, double stretch, Resampling filter) {
    double[] exact = new double[end - begin];
    double total = 0;
    double shrink = 1 / stretch;
    for (int x = 0; x < exact.length; x++) {
      exact[x] = filter.weight((x + begin - center + 0.5) * shrink);
      total += exact[x];
    }
    int[] fixed = new int[exact.length];
    for (int x = 0; x < exact.length; x++) {
      double weight = total == 0 ? exact[x] : exact[x] / total;
      fixed[x] = (int) (Math.copySign(0.5, weight) + weight * (1 << PRECISION_BITS));
    }
    return fixed;
  }

  private static RgbImage horizontally(RgbImage image, int width, Kernels kernels) {
    RgbImage resized = RgbImage.black(width, image.height());
    for (int y = 0; y < image.height(); y++) {
      int row = y * image.width();
      for (int x = 0; x < width; x++) {
        convolve(
            image.samples(),
            (row + kernels.first()[x]) * RgbImage.CHANNELS,
            RgbImage.CHANNELS,
            kernels.weights()[x],
            resized.samples(),
            (y * width + x) * RgbImage.CHANNELS);
      }
    }
    return resized;
  }

  private static RgbImage vertically(RgbImage image, int height, Kernels kernels) {
    int width = image.width();
    RgbImage resized = RgbImage.black(width, height);
    for (int y = 0; y < height; y++) {
      int row = kernels.first()[y] * width;
      for (int x = 0; x < width; x++) {
        convolve(
            image.samples(),
            (row + x) * RgbImage.CHANNELS,
            width * RgbImage.CHANNELS,
            kernels.weights()[y],
            resized.samples(),
            (y * width + x) * RgbImage.CHANNELS);
      }
    }
    return resized;
  }

  private static void convolve(
      byte[] source, int from, int stride, int[] weights, byte[] target, int to) {
    int red = 1 << (PRECISION_BITS - 1);
    int green = red;
    int blue = red;
    int at = from;
    for (int weight : weights) {
      red += (source[at] & 0xff) * weight;
      green += (source[at + 1] & 0xff) * weight;
      blue += (source[at + 2] & 0xff) * weight;
      at += stride;
    }
    target[to] = eightBits(red);
    target[to + 1] = eightBits(green);
    target[to + 2] = eightBits(blue);
  }

  private static byte eightBits(int fixed) {
    return (byte) Math.clamp(fixed >> PRECISION_BITS, 0, 255);
  }
}
