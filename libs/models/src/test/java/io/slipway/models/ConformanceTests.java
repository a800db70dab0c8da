package io.slipway.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.training.ReferenceRun;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cases that were made elsewhere, in folders of a folder: -Dslipway.conformance.dir=FOLDER. */
@EnabledIfSystemProperty(named = "slipway.conformance.dir", matches = ".+")
class ConformanceTests {

  private static ComputeExecutor executor;

  @BeforeAll
  static void start() {
    executor = new ComputeExecutor(ComputeDevice.CPU, 2);
  }

  @AfterAll
  static void stop() {
    executor.close();
  }

  static List<ReferenceCase> cases() {
    return ReferenceCase.in(Path.of(System.getProperty("slipway.conformance.dir")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void outputsAndTrainingLossesAreTheReferences(ReferenceCase reference) throws Exception {
    double output = ReferenceRun.worstOutput(reference, executor);
    double loss = ReferenceRun.worstLoss(reference, executor);
    System.out.printf("%-40s output %.1e, loss %.1e%n", reference, output, loss);
    assertThat(output).isLessThan(1e-4);
    assertThat(loss).isLessThan(1e-4);
  }
}
