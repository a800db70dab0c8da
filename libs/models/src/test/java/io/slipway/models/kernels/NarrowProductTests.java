package io.slipway.models.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.models.OnCpu;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.NativeWork;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NarrowProductTests {

  @OnCpu private static ComputeExecutor executor;

  @BeforeAll
  static void start() throws Exception {
    NarrowProduct.prepare();
    on(() -> torch.manual_seed(7));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 64",
    "1, 4, 64",
    "1, 67, 128",
    "2, 64, 64",
    "3, 129, 192",
    "4, 2, 64",
    "4, 131, 64",
    "5, 66, 128",
    "7, 300, 64",
    "16, 128, 1024",
    "39, 65, 64"
  })
  void multipliesAsTheWidenedWeightWould(int rows, int outputs, int inputs) throws Exception {
    on(
        () -> {
          Tensor weight = weight(outputs, inputs);
          Tensor x = torch.randn(rows, inputs);

          assertThat(NarrowProduct.takes(weight, rows)).isTrue();
          Tensor y = NarrowProduct.apply(weight, x);

          Tensor exact = torch.linear(x.to(ScalarType.Double), weight.to(ScalarType.Double));
          assertThat(y.shape()).containsExactly(rows, outputs);
          assertThat(y.sub(exact).abs().max().item_double()).isLessThan(1e-5 * inputs);
        });
  }

  @Test
  void givesARowTheSameBitsInEveryCompany() throws Exception {
    on(
        () -> {
          Tensor weight = weight(131, 256);
          Tensor x = torch.randn(11, 256);

          Tensor together = NarrowProduct.apply(weight, x);

          for (int row = 0; row < 11; row++) {
            Tensor alone = NarrowProduct.apply(weight, x.narrow(0, row, 1));
            assertThat(alone.equal(together.narrow(0, row, 1))).as("row %d", row).isTrue();
          }
        });
  }

  @Test
  void readsRowsThatAreNotTogether() throws Exception {
    on(
        () -> {
          Tensor weight = weight(64, 64);
          Tensor x = torch.randn(64, 3).t();

          assertThat(
                  NarrowProduct.apply(weight, x).equal(NarrowProduct.apply(weight, x.contiguous())))
              .isTrue();
        });
  }

  @Test
  void leavesToOthersWhatItIsNotMadeFor() throws Exception {
    on(
        () -> {
          assertThat(NarrowProduct.takes(weight(64, 65), 1)).as("odd inputs").isFalse();
          assertThat(NarrowProduct.takes(weight(64, 128).t(), 1)).as("transposed").isFalse();
          assertThat(NarrowProduct.takes(weight(64, 64), 0)).as("no row").isFalse();
          assertThat(NarrowProduct.takes(weight(64, 64), 400)).as("many rows").isFalse();
        });
  }

  private static Tensor weight(long outputs, long inputs) {
    return torch.randn(outputs, inputs).to(ScalarType.BFloat16);
  }

  private interface Work {
    void run();
  }

  private static void on(Work work) throws Exception {
    NativeWork<Boolean> unit =
        () -> {
          work.run();
          return true;
        };
    assertThat(executor.call(unit)).isTrue();
  }
}
