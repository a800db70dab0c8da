package io.slipway.models.layers;

import io.slipway.models.runtime.PackedKernels;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Scope;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A weight in few bits. Few rows meet it as it is, through a kernel whose activations are bfloat16;
 * for more of them it is turned back into numbers part by part, so that it is the same weight
 * whatever the size of a request.
 */
sealed interface Quantized extends Product {

  /** Outputs that are quantised at a time. */
  long STRIPE = 4096;

  /**
   * Quantises a weight on the CPU.
   *
   * @param weight [outputs, inputs]
   * @return empty when its shape is not one that the kernels take
   */
  static Optional<Product> of(Precision precision, Tensor weight) {
    long outputs = weight.size(0);
    long inputs = weight.size(1);
    if (outputs % Int4.BLOCK != 0 || inputs % Int4.GROUP != 0) {
      return Optional.empty();
    }
    return Optional.of(precision == Precision.INT4 ? Int4.of(weight) : Int8.of(weight));
  }

  private static ScalarOptional bound(double value) {
    return new ScalarOptional(new Scalar(value));
  }

  /**
   * Eight bits, symmetric about zero.
   *
   * @param values [outputs, inputs], int8
   * @param scales [outputs], bfloat16
   */
  record Int8(Tensor values, Tensor scales) implements Quantized {

    /** From here on a product of widened parts takes less time than the kernel. */
    private static final int MANY_ROWS = 16;

    private static final double LARGEST = 127;

    static Int8 of(Tensor weight) {
      TensorVector values = new TensorVector();
      TensorVector scales = new TensorVector();
      for (long from = 0; from < weight.size(0); from += STRIPE) {
        long to = Math.min(weight.size(0), from + STRIPE);
        Tensor stripe = Product.rows(weight, from, to).to(ScalarType.Float);
        Tensor scale =
            stripe
                .abs()
                .amax(new long[] {1}, true)
                .clamp_min_(new Scalar(1e-12))
                .div_(new Scalar(LARGEST))
                .to(ScalarType.BFloat16);
        values.push_back(
            stripe.div(scale).round_().clamp_(bound(-LARGEST), bound(LARGEST)).to(ScalarType.Char));
        scales.push_back(scale.squeeze(1));
      }
      return new Int8(Scope.keep(torch.cat(values, 0)), Scope.keep(torch.cat(scales, 0)));
    }

    @Override
    public Tensor apply(Tensor x, @Nullable Tensor bias) {
      Tensor flat = x.reshape(-1, values.size(1));
      Tensor y = flat.size(0) < MANY_ROWS ? few(flat) : many(flat);
      return Product.shaped(Product.biased(y, bias), x);
    }

    private Tensor few(Tensor flat) {
      return PackedKernels.int8(flat.to(ScalarType.BFloat16), values, scales)
          .to(flat.scalar_type());
    }

    private Tensor many(Tensor flat) {
      return Product.parts(
              flat,
              values.size(0),
              Math.max(1, PART / values.size(1)),
              (from, to) -> Product.rows(values, from, to).to(flat.scalar_type()).t())
          .mul_(scales);
    }

    @Override
    public void close() {
      Product.release(values, scales);
    }
  }

  /**
   * Four bits: (q - 8) * scale + offset, with scale and offset for each group of inputs.
   *
   * @param packed as {@link PackedKernels} arranges it
   * @param scales [inputs / group, outputs, 2], bfloat16
   */
  record Int4(Tensor packed, Tensor scales, long outputs) implements Quantized {

    /** Inputs that share a scale. */
    static final int GROUP = 32;

    /** Outputs that the kernel takes together. */
    static final int BLOCK = 64;

    private static final int MANY_ROWS = 128;
    private static final double STEPS = 15;
    private static final double MIDDLE = 8;

    static Int4 of(Tensor weight) {
      TensorVector packed = new TensorVector();
      TensorVector scales = new TensorVector();
      for (long from = 0; from < weight.size(0); from += STRIPE) {
        long to = Math.min(weight.size(0), from + STRIPE);
        try (PointerScope scope = new PointerScope()) {
          Tensor groups =
              Product.rows(weight, from, to)
                  .to(ScalarType.Float)
                  .reshape(to - from, -1, GROUP); // [outputs, groups, GROUP]
          Tensor least = groups.amin(new long[] {2}, true);
          Tensor scale =
              groups
                  .amax(new long[] {2}, true)
                  .sub_(least)
                  .clamp_min_(new Scalar(1e-6))
                  .div_(new Scalar(STEPS))
                  .to(ScalarType.BFloat16)
                  .to(ScalarType.Float);
          Tensor q = groups.sub(least).div_(scale).round_().clamp_(bound(0), bound(STEPS));
          Tensor offset = least.add_(scale.mul(new Scalar(MIDDLE)));
          packed.push_back(
              PackedKernels.packInt4(q.view(to - from, -1).to(ScalarType.Int).contiguous()));
          scales.push_back(
              torch
                  .cat(new TensorVector(scale, offset), 2)
                  .transpose(0, 1)
                  .to(ScalarType.BFloat16));
        }
      }
      return new Int4(
          Scope.keep(torch.cat(packed, 0)),
          Scope.keep(torch.cat(scales, 1).contiguous()),
          weight.size(0));
    }

    @Override
    public Tensor apply(Tensor x, @Nullable Tensor bias) {
      Tensor flat = x.reshape(-1, scales.size(0) * GROUP);
      Tensor y =
          flat.size(0) < MANY_ROWS || !PackedKernels.KNOWS_INT4_ORDER ? few(flat) : many(flat);
      return Product.shaped(Product.biased(y, bias), x);
    }

    private Tensor few(Tensor flat) {
      return PackedKernels.int4(flat.to(ScalarType.BFloat16), packed, GROUP, scales)
          .to(flat.scalar_type());
    }

    private Tensor many(Tensor flat) {
      long inputs = flat.size(1);
      return Product.parts(
          flat,
          outputs,
          Math.max(1, PART / inputs / BLOCK) * BLOCK,
          (from, to) -> numbers(from, to).to(flat.scalar_type()));
    }

    /** The weight for some outputs: [inputs, outputs], in single precision */
    private Tensor numbers(long from, long to) {
      Tensor q = PackedKernels.unpackInt4(packed, from, to).to(ScalarType.Float); // [inputs, n]
      Tensor both = scales.narrow(1, from, to - from).to(ScalarType.Float); // [groups, n, 2]
      return q.sub_(new Scalar(MIDDLE))
          .view(-1, GROUP, to - from)
          .mul_(both.select(2, 0).unsqueeze(1))
          .add_(both.select(2, 1).unsqueeze(1))
          .view(-1, to - from);
    }

    @Override
    public void close() {
      Product.release(packed, scales);
    }
  }
}
