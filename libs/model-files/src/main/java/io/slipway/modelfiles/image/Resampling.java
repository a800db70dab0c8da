package io.slipway.modelfiles.image;

/**
 * The filters of PIL's resize, in the order of the numbers that {@code resample} gives them.
 *
 * @see <a href="https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c">The
 *     kernels</a>
 */
enum Resampling {
  /** Takes the closest pixel; no kernel. */
  NEAREST(0),
  LANCZOS(3) {
    @Override
    double weight(double x) {
      return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    }
  },
  BILINEAR(1) {
    @Override
    double weight(double x) {
      return Math.max(0, 1 - Math.abs(x));
    }
  },
  /** The cubic convolution with a = -0.5. */
  BICUBIC(2) {
    @Override
    double weight(double signed) {
      double a = -0.5;
      double x = Math.abs(signed);
      if (x < 1) {
        return ((a + 2) * x - (a + 3)) * x * x + 1;
      }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }
  },
  BOX(0.5) {
    @Override
    double weight(double x) {
      return x > -0.5 && x <= 0.5 ? 1 : 0;
    }
  },
  HAMMING(1) {
    @Override
    double weight(double signed) {
      double x = Math.abs(signed);
      if (x == 0) {
        return 1;
      }
      if (x >= 1) {
        return 0;
      }
      x *= Math.PI;
      return Math.sin(x) / x * (0.54 + 0.46 * Math.cos(x));
    }
  };

  private final double support;

  Resampling(double support) {
    this.support = support;
  }

  /** How far from its center the kernel reaches, in pixels of an image that is not made smaller. */
  double support() {
    return support;
  }

  /** The kernel at a distance from its center. */
  double weight(double x) {
    throw new IllegalStateException(this + " has no kernel");
  }

  private static double sinc(double x) {
    return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
  }
}
