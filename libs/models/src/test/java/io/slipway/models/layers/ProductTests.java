package io.slipway.models.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.OneDnn;
import io.slipway.models.runtime.OneDnn.Combined;
import io.slipway.models.runtime.OneDnn.Then;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Tensors;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProductTests {

  private static final int INPUTS = 96;
  private static final int OUTPUTS = 192;

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 63, 64})
  void aWidenedWeightMultipliesAsItsOwnNumbersWould(int rows) throws Exception {
    assertThat(error(rows, weight -> new NarrowWeight(weight.to(ScalarType.BFloat16), false), 192))
        .isLessThan(6e-3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 40, 64})
  void aWeightThatIsStoredTheOtherWayRoundMultipliesAlike(int rows) throws Exception {
    assertThat(
            error(
                rows,
                weight -> new NarrowWeight(weight.t().contiguous().to(ScalarType.BFloat16), true),
                192))
        .isLessThan(6e-3);
  }

  /** Of activations in single precision and bfloat16, as a step and a prompt have them. */
  @ParameterizedTest
  @CsvSource({"1, false", "1, true", "40, false", "40, true", "300, false", "300, true"})
  void aPackedWeightMultipliesAsItDidBefore(int rows, boolean narrow) throws Exception {
    assumeTrue(packs());
    assertThat(distanceFromPlain(rows, narrow, Then.NOTHING, y -> y)).isLessThan(4e-3);
  }

  @ParameterizedTest
  @EnumSource
  void whatComesAfterAPackedWeightIsAPartOfItsProduct(Then then) throws Exception {
    assumeTrue(packs());
    UnaryOperator<Tensor> apart =
        switch (then) {
          case NOTHING -> y -> y;
          case GELU -> torch::gelu;
          case GELU_TANH -> y -> torch.gelu(y, "tanh");
          case RELU -> torch::relu;
          case SILU -> torch::silu;
        };
    assertThat(distanceFromPlain(40, true, then, apart)).isLessThan(4e-3);
  }

  @Test
  void aPackedWeightsProductTakesAFactor() throws Exception {
    assumeTrue(packs());
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 2)) {
      double distance =
          executor.call(
              () -> {
                Tensor weight = random(OUTPUTS, INPUTS, 1).to(ScalarType.BFloat16);
                Tensor x = random(7, INPUTS, 2);
                Tensor factor = random(7, OUTPUTS, 3);
                try (Packed packed = Packed.of(weight)) {
                  Tensor exact = torch.linear(x, weight.to(ScalarType.Float)).mul(factor);
                  return distance(packed.apply(x, null, Combined.TIMES, factor), exact);
                }
              });
      assertThat(distance).isLessThan(6e-3);
    }
  }

  @Test
  void aPackedWeightComesBackAsItWas() throws Exception {
    assumeTrue(packs());
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 2)) {
      assertThat(executor.call(ProductTests::comesBack)).isTrue();
    }
  }

  private static boolean comesBack() {
    Tensor weight = random(7, 33, 1).to(ScalarType.BFloat16);
    try (Packed packed = Packed.of(weight)) {
      return Packed.weightOf(packed).orElseThrow().equal(weight)
          && Packed.weightOf(new Product.Part(packed, 2, 3))
              .orElseThrow()
              .equal(weight.narrow(0, 2, 3));
    }
  }

  /** libtorch has to be loaded before it can be asked. */
  private static boolean packs() throws Exception {
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 1)) {
      return executor.call(() -> OneDnn.PACKS_BFLOAT16);
    }
  }

  /** How far a packed weight's product is from that in single precision, in the type of x. */
  private static double distanceFromPlain(
      int rows, boolean narrow, Then then, UnaryOperator<Tensor> apart) throws Exception {
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 2)) {
      return executor.call(
          () -> {
            Tensor weight = random(OUTPUTS, INPUTS, 1).to(ScalarType.BFloat16);
            Tensor bias = random(OUTPUTS, 1, 2).squeeze(1).to(ScalarType.BFloat16);
            Tensor x = random(rows, INPUTS, 3).to(narrow ? ScalarType.BFloat16 : ScalarType.Float);
            try (Packed packed = Packed.of(weight)) {
              Tensor exact =
                  torch.linear(
                      x.to(ScalarType.Float),
                      weight.to(ScalarType.Float),
                      new TensorOptional(bias.to(ScalarType.Float)));
              return distance(packed.apply(x, bias, then), apart.apply(exact).to(x.scalar_type()));
            }
          });
    }
  }

  /** With every number of rows, below and above where the kernel gives way. */
  @ParameterizedTest
  @CsvSource({"INT8, 1", "INT8, 15", "INT8, 16", "INT4, 1", "INT4, 127", "INT4, 128"})
  void aQuantizedWeightIsTheSameWhateverTheRows(Precision precision, int rows) throws Exception {
    double limit = precision == Precision.INT8 ? 0.012 : 0.1;
    assertThat(error(rows, weight -> Quantized.of(precision, weight).orElseThrow(), 192))
        .isLessThan(limit);
    assertThat(differenceFromManyRows(precision, rows)).isLessThan(0.012);
  }

  @ParameterizedTest
  @ValueSource(ints = {63, 100})
  void aWeightOfAnotherShapeIsNotQuantized(int outputs) throws Exception {
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 2)) {
      assertThat(
              executor.call(
                  () -> Quantized.of(Precision.INT4, random(outputs, INPUTS, 1)).isEmpty()))
          .isTrue();
    }
  }

  private interface Storing {
    Product store(Tensor weight);
  }

  /** Relative to the size of the exact product. */
  private static double error(int rows, Storing storing, int outputs) throws Exception {
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 2)) {
      return executor.call(
          () -> {
            Tensor weight = random(outputs, INPUTS, 1);
            Tensor bias = random(outputs, 1, 2).squeeze(1);
            Tensor x = random(rows, INPUTS, 3).view(1, rows, INPUTS);
            try (Product product = storing.store(weight)) {
              Tensor exact = torch.linear(x, weight, new TensorOptional(bias));
              return distance(product.apply(x, bias), exact);
            }
          });
    }
  }

  private static double differenceFromManyRows(Precision precision, int rows) throws Exception {
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 2)) {
      return executor.call(
          () -> {
            Tensor x = random(200, INPUTS, 3);
            try (Product product =
                Quantized.of(precision, random(OUTPUTS, INPUTS, 1)).orElseThrow()) {
              Tensor many = product.apply(x, null).narrow(0, 0, rows);
              return distance(product.apply(x.narrow(0, 0, rows), null), many);
            }
          });
    }
  }

  private static double distance(Tensor actual, Tensor expected) {
    assertThat(Tensors.shape(actual)).isEqualTo(Tensors.shape(expected));
    assertThat(Tensors.dtype(actual)).isEqualTo(Tensors.dtype(expected));
    return actual.sub(expected).norm().item_double() / expected.norm().item_double();
  }

  private static Tensor random(int rows, int columns, long seed) {
    Random random = new Random(seed);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensors.of(values, ComputeDevice.CPU, rows, columns);
  }
}
