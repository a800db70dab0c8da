package io.slipway.models.layers.mlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActivationTests {

  private static final float[] INPUTS = {-12, -3, -1, -0.25f, 0, 0.5f, 2, 12};

  /** The reference's values of {@link #INPUTS}. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gelu | -0.000000 -0.004050 -0.158655 -0.100323 0.000000 0.345731 1.954500 12.000000",
        "gelu_python | -0.000000 -0.004050 -0.158655 -0.100323 0.000000 0.345731 1.954500 12.000000",
        "gelu_new | -0.000000 -0.003637 -0.158808 -0.100325 0.000000 0.345714 1.954598 12.000000",
        "gelu_pytorch_tanh | -0.000000 -0.003637 -0.158808 -0.100325 0.000000 0.345714 1.954598 12.000000",
        "gelu_python_tanh | -0.000000 -0.003637 -0.158808 -0.100325 0.000000 0.345714 1.954598 12.000000",
        "gelu_fast | -0.000000 -0.003637 -0.158808 -0.100325 0.000000 0.345714 1.954598 12.000000",
        "gelu_accurate | -0.000000 -0.003637 -0.158808 -0.100325 0.000000 0.345714 1.954598 12.000000",
        "gelu_10 | -0.000000 -0.004050 -0.158655 -0.100323 0.000000 0.345731 1.954500 10.000000",
        "quick_gelu | -0.000000 -0.018071 -0.154204 -0.098800 0.000000 0.350388 1.935659 12.000000",
        "relu | 0.000000 0.000000 0.000000 0.000000 0.000000 0.500000 2.000000 12.000000",
        "relu2 | 0.000000 0.000000 0.000000 0.000000 0.000000 0.250000 4.000000 144.000000",
        "relu6 | 0.000000 0.000000 0.000000 0.000000 0.000000 0.500000 2.000000 6.000000",
        "leaky_relu | -0.120000 -0.030000 -0.010000 -0.002500 0.000000 0.500000 2.000000 12.000000",
        "silu | -0.000074 -0.142278 -0.268941 -0.109456 0.000000 0.311230 1.761594 11.999926",
        "swish | -0.000074 -0.142278 -0.268941 -0.109456 0.000000 0.311230 1.761594 11.999926",
        "hardswish | -0.000000 -0.000000 -0.333333 -0.114583 0.000000 0.291667 1.666667 12.000000",
        "mish | -0.000074 -0.145647 -0.303401 -0.129927 0.000000 0.375245 1.943959 12.000000",
        "sigmoid | 0.000006 0.047426 0.268941 0.437824 0.500000 0.622459 0.880797 0.999994",
        "laplace | 0.000000 0.000000 0.000000 0.000346 0.006094 0.231421 0.999998 1.000000",
        "sqrtsoftplus | 0.002479 0.220425 0.559698 0.758907 0.832555 0.986953 1.458399 3.464103",
        "linear | -12.000000 -3.000000 -1.000000 -0.250000 0.000000 0.500000 2.000000 12.000000",
        "tanh | -1.000000 -0.995055 -0.761594 -0.244919 0.000000 0.462117 0.964028 1.000000",
      })
  void valuesAreTheReferences(String name, String expected) throws Exception {
    Activation activation =
        Activation.of(
            ModelConfig.parse("config.json", "{\"hidden_act\": \"%s\"}".formatted(name)),
            "hidden_act",
            "gelu");
    float[] values = new float[INPUTS.length];
    double[] reference =
        Arrays.stream(expected.split(" ")).mapToDouble(Double::parseDouble).toArray();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) reference[i];
    }
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 1)) {
      assertThat(executor.call(() -> Tensors.floats(activation.apply(inputs()))))
          .containsExactly(values, offset(2e-6f));
      assertThat(
              executor.call(
                  () -> Tensors.floats(activation.consume(Forward.inference(), inputs()))))
          .containsExactly(values, offset(2e-6f));
    }
  }

  private static Tensor inputs() {
    return Tensors.of(INPUTS, ComputeDevice.CPU, INPUTS.length);
  }
}
