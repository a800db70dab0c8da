package io.slipway.models.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.models.OnCpu;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.NativeWork;
import java.util.List;
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

          assertThat(NarrowProduct.takes(List.of(weight), x)).isTrue();
          Tensor y = product(weight, x);

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

          Tensor together = product(weight, x);

          for (int row = 0; row < 11; row++) {
            Tensor alone = product(weight, x.narrow(0, row, 1));
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

          assertThat(product(weight, x).equal(product(weight, x.contiguous()))).isTrue();
        });
  }

  @Test
  void leavesToOthersWhatItIsNotMadeFor() throws Exception {
    on(
        () -> {
          assertThat(takes(weight(64, 65), 1)).as("odd inputs").isFalse();
          assertThat(takes(weight(128, 64).t(), 1)).as("transposed").isFalse();
          assertThat(takes(weight(64, 64), 0)).as("no row").isFalse();
          assertThat(takes(weight(64, 64), 400)).as("many rows").isFalse();
          assertThat(takes(weight(64, 64), 1)).isTrue();
        });
  }

  @Test
  void multipliesSeveralWeightsAsEachAlone() throws Exception {
    on(
        () -> {
          List<Tensor> weights = List.of(weight(67, 128), weight(64, 128), weight(130, 128));
          Tensor x = torch.randn(2, 3, 128);

          List<Tensor> together = NarrowProduct.apply(weights, x);

          for (int i = 0; i < weights.size(); i++) {
            Tensor alone = product(weights.get(i), x);
            assertThat(together.get(i).shape()).containsExactly(2, 3, weights.get(i).size(0));
            assertThat(together.get(i).equal(alone)).as("weight %d", i).isTrue();
          }
        });
  }

  private static Tensor product(Tensor weight, Tensor x) {
    return NarrowProduct.apply(List.of(weight), x).getFirst();
  }

  private static boolean takes(Tensor weight, long rows) {
    return NarrowProduct.takes(List.of(weight), torch.randn(rows, weight.size(1)));
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
