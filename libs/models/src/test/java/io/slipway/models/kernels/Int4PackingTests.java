package io.slipway.models.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.models.OnCpu;
import io.slipway.models.runtime.ComputeExecutor;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class Int4PackingTests {

  @OnCpu private static ComputeExecutor executor;

  static List<Int4Packing> packings() {
    return List.of(new LaneInt4Packing(), new LibtorchInt4Packing());
  }

  @Test
  void ourOwnIsTheFastestHere() throws Exception {
    assertThat(executor.call(Int4Packing::best)).isInstanceOf(LaneInt4Packing.class);
  }

  @ParameterizedTest
  @MethodSource("packings")
  void knowsTheWeightThatItPacked(Int4Packing packing) throws Exception {
    double off =
        executor.call(
            () -> {
              Tensor numbers = numbers(192, 96);
              Tensor scales = scales(3, 192);
              Tensor packed = packing.pack(numbers);
              assertThat(packed.nbytes()).isEqualTo(192 * 96 / 2);

              Tensor part = packing.weight(packed, packing.arrange(scales), 64, 192);

              Tensor exact = weight(numbers, scales).narrow(0, 64, 128).t();
              assertThat(part.shape()).containsExactly(96, 128);
              return part.sub(exact).abs().max().item_double();
            });
    assertThat(off).isLessThan(2e-6);
  }

  @ParameterizedTest
  @MethodSource("packings")
  void givesScalesBackAsTheyWere(Int4Packing packing) throws Exception {
    boolean same =
        executor.call(
            () -> {
              Tensor scales = scales(3, 192);
              return packing.scales(packing.arrange(scales)).equal(scales);
            });
    assertThat(same).isTrue();
  }

  /** Every number of rows that a loop is made for, and what is left over. */
  @ParameterizedTest
  @CsvSource({"1, 64, 32", "2, 128, 96", "4, 64, 64", "7, 192, 1024", "9, 64, 32"})
  void multipliesAsItsNumbersWould(int rows, int outputs, int inputs) throws Exception {
    assertThat(error(new LaneInt4Packing(), rows, outputs, inputs)).isLessThan(1e-5);
    // libtorch rounds what it multiplies to bfloat16.
    assertThat(error(new LibtorchInt4Packing(), rows, outputs, inputs)).isLessThan(1e-2);
  }

  @Test
  void givesARowTheSameBitsInEveryCompany() throws Exception {
    executor.call(
        () -> {
          Int4Packing packing = new LaneInt4Packing();
          Tensor packed = packing.pack(numbers(128, 256));
          Tensor scales = packing.arrange(scales(8, 128));
          Tensor x = torch.randn(11, 256);

          Tensor together = packing.product(packed, scales).apply(x);

          for (int row = 0; row < 11; row++) {
            Tensor alone = packing.product(packed, scales).apply(x.narrow(0, row, 1));
            assertThat(alone.equal(together.narrow(0, row, 1))).as("row %d", row).isTrue();
          }
          return true;
        });
  }

  /** Relative to the size of the product. */
  private static double error(Int4Packing packing, int rows, int outputs, int inputs)
      throws Exception {
    return executor.call(
        () -> {
          Tensor numbers = numbers(outputs, inputs);
          Tensor scales = scales(inputs / Int4Packing.GROUP, outputs);
          Tensor x = torch.randn(1, rows, inputs);

          Tensor y = packing.product(packing.pack(numbers), packing.arrange(scales)).apply(x);

          assertThat(y.shape()).containsExactly(1, rows, outputs);
          Tensor exact = x.to(ScalarType.Double).matmul(weight(numbers, scales).t());
          return y.sub(exact).norm().item_double() / exact.norm().item_double();
        });
  }

  /** [outputs, inputs], in double precision */
  private static Tensor weight(Tensor numbers, Tensor scales) {
    Tensor both = scales.to(ScalarType.Double).transpose(0, 1).unsqueeze(2);
    return numbers
        .to(ScalarType.Double)
        .sub(new Scalar(8.0))
        .view(numbers.size(0), -1, Int4Packing.GROUP) // [outputs, groups, GROUP]
        .mul(both.select(3, 0))
        .add(both.select(3, 1))
        .view(numbers.size(0), -1);
  }

  private static Tensor numbers(long outputs, long inputs) {
    return torch.randint(0, 16, new long[] {outputs, inputs}, new TensorOptions(ScalarType.Int));
  }

  private static Tensor scales(long groups, long outputs) {
    return torch.randn(groups, outputs, 2).to(ScalarType.BFloat16);
  }
}
