package io.slipway.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.benchmarks.engine.Measurement.Work;
import io.slipway.benchmarks.engine.Section.Weights;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineWorkTests {

  @TempDir private static Path folder;

  private static ComputeExecutor executor;

  @BeforeAll
  static void start() throws Exception {
    TinyModels.in(folder);
    executor = new ComputeExecutor(ComputeDevice.CPU, 1);
  }

  @AfterAll
  static void stop() {
    executor.close();
  }

  @ParameterizedTest
  @CsvSource({
    "ENCODER,  FLOAT32,       load",
    "ENCODER,  FLOAT32,       encoder",
    "ENCODER,  BFLOAT16,      encoder",
    "DECODER,  FLOAT32,       load",
    "DECODER,  BFLOAT16,      prefill",
    "DECODER,  FLOAT32,       decode",
    "DECODER,  BFLOAT16,      decode",
    "TRAINING, FLOAT32,       load",
    "TRAINING, FLOAT32,       train-full",
    "TRAINING, BF16_AUTOCAST, train-full",
    "TRAINING, FLOAT32,       train-lora",
    "TRAINING, BF16_AUTOCAST, train-lora",
  })
  void everyKindOfWorkIsTimed(Section section, Weights weights, String work) throws Exception {
    Path model = folder.resolve(section.model());
    try (EngineWork engine = EngineProcess.work(section, executor, model, weights)) {
      assertIsTimed(engine, new Measurement(Work.named(work), 2, 16, 1, 3));
    }
  }

  @ParameterizedTest
  @CsvSource({"triad, 1, 4", "copy, 1, 4", "matmul, 4, 64", "matmul, 2, 64"})
  void theMachinesLimitsAreTimed(String work, int batch, int length) throws Exception {
    try (EngineWork machine = new MachineWork(executor)) {
      assertIsTimed(machine, new Measurement(Work.named(work), batch, length, 1, 3));
    }
  }

  private static void assertIsTimed(EngineWork engine, Measurement measurement) throws Exception {
    try (Timing.Call call = engine.prepare(measurement)) {
      Timing timing = Timing.of(measurement, call);

      assertThat(timing.leastMillis()).isPositive();
      assertThat(timing.medianMillis()).isGreaterThanOrEqualTo(timing.leastMillis());
    }
  }
}
