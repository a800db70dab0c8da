package io.slipway.models.layers.pass;

import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Seed;
import io.slipway.models.runtime.Tensors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The masks that a part of a training pass draws for its dropouts, one after another. */
sealed interface DropoutMasks {

  /** Those of a seed. */
  static DropoutMasks of(ComputeDevice device, Seed seed) {
    return device.kind() == ComputeDevice.Kind.CPU
        ? new OfProcessor(new SplittableRandom(seed.value()))
        : new OfDevice(Forward.generator(device, seed));
  }

  /**
   * Draws a mask.
   *
   * @param kept probability of an element to be kept, below 1
   * @return shaped and typed as x: 0 for what is dropped, else 1 / kept
   */
  Tensor next(Tensor x, double kept);

  /** By the device's own generator. */
  record OfDevice(Generator generator) implements DropoutMasks {

    @Override
    public Tensor next(Tensor x, double kept) {
      Tensor mask = torch.empty_like(x).bernoulli_(kept, new GeneratorOptional(generator));
      return kept > 0 ? mask.div_(new Scalar(kept)) : mask;
    }
  }

  /** Here, since libtorch's generator for the processor takes as long as some of the products. */
  record OfProcessor(SplittableRandom random) implements DropoutMasks {

    private static final int PART = 1 << 14;

    @Override
    public Tensor next(Tensor x, double kept) {
      Tensor mask = torch.empty(x.shape(), new TensorOptions(ScalarType.Float), null);
      MemorySegment memory = Tensors.memory(mask);
      int limit = (int) Math.round(kept * Integer.MAX_VALUE);
      int scale = kept > 0 ? Float.floatToRawIntBits((float) (1 / kept)) : 0;
      int[] part = new int[PART];
      for (long from = 0; from < mask.numel(); from += PART) {
        int count = (int) Math.min(PART, mask.numel() - from);
        for (int i = 0; i < count; i += 2) {
          long bits = random.nextLong();
          part[i] = chosen((int) bits, limit, scale);
          part[i + 1] = chosen((int) (bits >>> 32), limit, scale);
        }
        MemorySegment.copy(part, 0, memory, ValueLayout.JAVA_INT, from * Integer.BYTES, count);
      }
      return mask.to(x.scalar_type());
    }

    /** The scale where the number's upper 31 bits are below the limit, else 0; without a branch. */
    private static int chosen(int bits, int limit, int scale) {
      return (((bits >>> 1) - limit) >> 31) & scale;
    }
  }
}
