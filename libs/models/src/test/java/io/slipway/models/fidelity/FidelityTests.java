package io.slipway.models.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.modelfiles.Checkpoint;
import io.slipway.models.SmallLlama;
import io.slipway.models.architecture.CausalDecoder;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FidelityTests {

  private static final List<long[]> TEXTS =
      IntStream.range(0, 4)
          .mapToObj(
              text ->
                  LongStream.range(0, 20 + 50L * text).map(i -> (i * 37 + text) % 256).toArray())
          .toList();

  @TempDir static Path directory;

  @BeforeAll
  static void write() throws IOException {
    SmallLlama.write(directory);
  }

  @Test
  void aModelIsTrueToItself() throws Exception {
    assertThat(against(Precision.FLOAT32))
        .satisfies(
            report -> {
              assertThat(report.maximumDifference()).isZero();
              assertThat(report.meanDifference()).isZero();
              assertThat(report.cosine()).isGreaterThan(1 - 1e-12);
              assertThat(report.top1Agreement()).isEqualTo(1);
              assertThat(report.perplexityChange().orElseThrow()).isZero();
              assertThat(report.outputs()).isEqualTo(TEXTS.stream().mapToInt(t -> t.length).sum());
            });
  }

  @ParameterizedTest
  @CsvSource({"BFLOAT16, 0.9995", "INT8, 0.999", "INT4, 0.94"})
  void fewerBitsStayNear(Precision precision, double cosine) throws Exception {
    FidelityReport report = against(precision);
    assertThat(report.maximumDifference()).isPositive();
    assertThat(report.cosine()).isBetween(cosine, 1.0);
    assertThat(report.top1Agreement()).isBetween(0.5, 1.0);
    assertThat(Math.abs(report.perplexityChange().orElseThrow())).isLessThan(0.1);
  }

  @Test
  void fewerBitsAreFurtherAway() throws Exception {
    double eight = against(Precision.INT8).meanDifference();
    assertThat(against(Precision.INT4).meanDifference()).isGreaterThan(2 * eight);
  }

  @Test
  void aTextOfOneTokenHasNoPerplexity() throws Exception {
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 2)) {
      assertThatThrownBy(() -> executor.call(() -> compare(Precision.INT8, List.of(new long[1]))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a text of 1 tokens");
    }
  }

  private static FidelityReport against(Precision precision) throws Exception {
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 2)) {
      return executor.call(() -> compare(precision, TEXTS));
    }
  }

  private static FidelityReport compare(Precision precision, List<long[]> texts) {
    try (LoadedModel<CausalDecoder> reference = load(Precision.FLOAT32);
        LoadedModel<CausalDecoder> candidate = load(precision)) {
      return Fidelity.ofTexts(reference, candidate, texts);
    }
  }

  private static LoadedModel<CausalDecoder> load(Precision precision) {
    try {
      return LoadedModel.forInference(
          Checkpoint.open(directory), Head.CAUSAL_LM, ComputeDevice.CPU, precision);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
