package io.slipway.models.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.modelfiles.safetensors.Dtype;
import io.slipway.models.OnCpu;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Tensors;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowNormTests {

  private static final double EPSILON = 1e-5;

  @OnCpu private static ComputeExecutor executor;

  @ParameterizedTest
  @CsvSource({"1, 16, 0", "1, 1024, 0", "3, 64, 1", "40, 96, 0"})
  void normalisesAsLibtorchDoes(int rows, int size, int offset) throws Exception {
    double difference =
        executor.call(
            () -> {
              Tensor x = torch.randn(rows, 1, size).mul_(new Scalar(3.0));
              Tensor weight = torch.randn(size);
              Tensor expected =
                  torch.rms_norm(
                      x.to(ScalarType.Double),
                      new long[] {size},
                      new TensorOptional(
                          weight.to(ScalarType.Double).add(new Scalar((double) offset))),
                      new DoubleOptional(EPSILON));

              assertThat(RowNorm.takes(x, weight)).isTrue();
              Tensor y = RowNorm.apply(x, weight, offset, EPSILON);
              assertThat(y.shape()).containsExactly(rows, 1, size);
              return y.sub(expected).abs().max().item_double();
            });
    assertThat(difference).isLessThan(1e-5);
  }

  /** Few that one thread computes, and many that several share. */
  @ParameterizedTest
  @ValueSource(ints = {1, 5, 9000})
  void takesBfloat16AndRoundsAtTheEnd(int rows) throws Exception {
    double difference =
        executor.call(
            () -> {
              Tensor x = torch.randn(rows, 64).to(ScalarType.BFloat16);
              Tensor weight = torch.randn(64).to(ScalarType.BFloat16);
              Tensor single =
                  RowNorm.apply(x.to(ScalarType.Float), weight.to(ScalarType.Float), 0, EPSILON);

              assertThat(RowNorm.takes(x, weight)).isTrue();
              Tensor y = RowNorm.apply(x, weight, 0, EPSILON);
              assertThat(Tensors.dtype(y)).isEqualTo(Dtype.BF16);
              return y.sub(single.to(ScalarType.BFloat16)).abs().max().item_double();
            });
    assertThat(difference).isZero();
  }

  @Test
  void readsRowsThatAreNotTogether() throws Exception {
    boolean same =
        executor.call(
            () -> {
              Tensor x = torch.randn(64, 3).t();
              Tensor weight = torch.randn(64);
              return RowNorm.apply(x, weight, 0, EPSILON)
                  .equal(RowNorm.apply(x.contiguous(), weight, 0, EPSILON));
            });
    assertThat(same).isTrue();
  }

  @Test
  void leavesToOthersWhatItIsNotMadeFor() throws Exception {
    assertThat(takes(torch(1, 65), 65)).as("odd size").isFalse();
    assertThat(takes(torch(1, 1 << 15), 1 << 15)).as("long rows").isFalse();
    assertThat(
            executor.call(
                () -> RowNorm.takes(torch.ones(1, 64).to(ScalarType.Half), torch.ones(64))))
        .as("half precision")
        .isFalse();
    assertThat(executor.call(RowNormTests::takesWhatIsTrained)).as("training").isFalse();
  }

  private static boolean takesWhatIsTrained() {
    GradMode.set_enabled(true);
    try {
      return RowNorm.takes(torch.randn(1, 64), torch.randn(64));
    } finally {
      GradMode.set_enabled(false);
    }
  }

  private static long[] torch(long... shape) {
    return shape;
  }

  private static boolean takes(long[] shape, long size) throws Exception {
    return executor.call(() -> RowNorm.takes(torch.randn(shape), torch.randn(size)));
  }
}
