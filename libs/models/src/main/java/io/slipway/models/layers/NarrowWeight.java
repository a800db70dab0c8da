package io.slipway.models.layers;

import io.slipway.models.kernels.NarrowProduct;
import io.slipway.models.kernels.Readiness;
import io.slipway.models.runtime.ComputeDevice;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A weight that is stored in bfloat16, for activations in bfloat16 or single precision. Few rows in
 * single precision meet it as it is, since reading it is what takes the time then. More of them
 * become bfloat16 for a processor that multiplies it; for another the weight is widened part by
 * part.
 *
 * @param weight [outputs, inputs], or the other way round
 */
record NarrowWeight(Tensor weight, boolean transposed) implements Product {

  /** From here on widening once costs less than reading once for each row. */
  private static final int FEW_ROWS = 3;

  NarrowWeight {
    if (!ComputeDevice.CPU.computesBfloat16()) {
      Readiness.begin();
    }
  }

  /** The weights of products that are all like this, or none. */
  static List<Tensor> matrices(List<Product> products) {
    return products.stream().allMatch(p -> p instanceof NarrowWeight own && !own.transposed)
        ? products.stream().map(p -> ((NarrowWeight) p).weight).toList()
        : List.of();
  }

  /** [outputs, inputs] */
  Tensor matrix() {
    return transposed ? weight.t() : weight;
  }

  @Override
  public Tensor apply(Tensor x, @Nullable Tensor bias) {
    if (x.scalar_type().intern() == ScalarType.BFloat16) {
      return Product.linear(x, matrix(), bias);
    }
    List<Tensor> matrix = List.of(matrix());
    return Product.biased(
        NarrowProduct.takes(matrix, x)
            ? NarrowProduct.apply(matrix, x).getFirst()
            : multiply(matrix.getFirst(), x),
        bias);
  }

  private static Tensor multiply(Tensor matrix, Tensor x) {
    if (ComputeDevice.CPU.computesBfloat16()) {
      return Product.linear(x.to(ScalarType.BFloat16), matrix, null).to(x.scalar_type());
    }
    Tensor flat = x.reshape(-1, matrix.size(1)); // [rows, inputs]
    return Product.shaped(flat.size(0) <= FEW_ROWS ? byRow(matrix, flat) : byPart(matrix, flat), x);
  }

  private static Tensor byRow(Tensor matrix, Tensor flat) {
    Tensor narrow = flat.to(ScalarType.BFloat16);
    TensorVector rows = new TensorVector();
    for (int row = 0; row < flat.size(0); row++) {
      rows.push_back(torch.mv(matrix, narrow.select(0, row)));
    }
    return torch.stack(rows, 0).to(flat.scalar_type());
  }

  private static Tensor byPart(Tensor matrix, Tensor flat) {
    return Product.parts(
        flat,
        matrix.size(0),
        Math.max(1, PART / matrix.size(1)),
        (from, to) -> Product.rows(matrix, from, to).to(flat.scalar_type()).t());
  }
}
