package io.slipway.models.layers;

import io.slipway.models.kernels.Int4Packing;
import io.slipway.models.runtime.PackedKernels;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Scope;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A weight in few bits. Few rows meet it as it is, through a kernel; for more of them it is turned
 * back into numbers part by part, so that it is the same weight whatever the size of a request.
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

  /**
   * Weights for the same inputs as one, their outputs one after another.
   *
   * @return a copy; empty where they are not all stored alike
   */
  static Optional<Quantized> joined(List<Product> products) {
    if (products.stream().allMatch(Int8.class::isInstance)) {
      return Optional.of(Int8.joined(products.stream().map(Int8.class::cast).toList()));
    }
    if (products.stream().allMatch(Int4.class::isInstance)) {
      return Optional.of(Int4.joined(products.stream().map(Int4.class::cast).toList()));
    }
    return Optional.empty();
  }

  private static <P> Tensor cat(List<P> products, Function<P, Tensor> part, int dimension) {
    TensorVector parts = new TensorVector(products.stream().map(part).toArray(Tensor[]::new));
    return torch.cat(parts, dimension);
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

    private static Int8 joined(List<Int8> parts) {
      return new Int8(
          Scope.keep(cat(parts, Int8::values, 0)), Scope.keep(cat(parts, Int8::scales, 0)));
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
   * @param packing how the numbers are packed
   * @param packed numbers
   * @param arranged scales
   * @param product of few rows with them
   */
  record Int4(
      Int4Packing packing,
      long outputs,
      Tensor packed,
      Tensor arranged,
      UnaryOperator<Tensor> product)
      implements Quantized {

    static final int GROUP = Int4Packing.GROUP;
    static final int BLOCK = Int4Packing.BLOCK;
    private static final double STEPS = 15;

    static Int4 of(Tensor weight) {
      Int4Packing packing = Int4Packing.best();
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
          Tensor offset = least.add_(scale.mul(new Scalar(Int4Packing.MIDDLE)));
          packed.push_back(packing.pack(q.view(to - from, -1).to(ScalarType.Int).contiguous()));
          scales.push_back(
              torch
                  .cat(new TensorVector(scale, offset), 2)
                  .transpose(0, 1)
                  .to(ScalarType.BFloat16));
        }
      }
      return of(packing, torch.cat(packed, 0), torch.cat(scales, 1));
    }

    private static Int4 of(Int4Packing packing, Tensor packed, Tensor scales) {
      Tensor kept = Scope.keep(packed);
      Tensor arranged = Scope.keep(packing.arrange(scales));
      return new Int4(packing, scales.size(1), kept, arranged, packing.product(kept, arranged));
    }

    private static Int4 joined(List<Int4> parts) {
      return of(
          parts.getFirst().packing,
          cat(parts, Int4::packed, 0),
          cat(parts, part -> part.packing.scales(part.arranged), 1));
    }

    @Override
    public Tensor apply(Tensor x, @Nullable Tensor bias) {
      boolean few = x.numel() / x.size(-1) < packing.manyRows();
      return Product.biased(few ? product.apply(x) : many(x), bias);
    }

    private Tensor many(Tensor x) {
      Tensor flat = x.reshape(-1, x.size(-1));
      long part = Math.max(1, PART / flat.size(1) / BLOCK) * BLOCK;
      return Product.shaped(
          Product.parts(
              flat,
              outputs,
              part,
              (from, to) -> packing.weight(packed, arranged, from, to).to(flat.scalar_type())),
          x);
    }

    @Override
    public void close() {
      Product.release(packed, arranged);
    }
  }
}
