package io.slipway.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.benchmarks.engine.Measurement.Work;
import io.slipway.benchmarks.engine.Section.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineProcessTests {

  @TempDir private Path folder;

  @Test
  void workIsTimedAndWorkThatFailsSaysWhyBeforeTheNext() throws Exception {
    List<String> command =
        EngineProcess.command("ENCODER", Weights.FLOAT32, TinyModels.in(folder), "cpu", 1);
    try (MeasuringProcess process = new MeasuringProcess(command, Map.of())) {
      assertThat(process.time(new Measurement(Work.LOAD, 1, 4, 0, 1)).leastMillis()).isPositive();
      assertThatThrownBy(() -> process.time(new Measurement(Work.ENCODER, 1, 4000, 0, 1)))
          .isInstanceOf(MeasuringProcess.Failure.class)
          .hasMessageContaining("4000");
      assertThat(process.time(new Measurement(Work.ENCODER, 1, 4, 0, 1)).leastMillis())
          .isPositive();
      assertThat(process.peakMemory()).isGreaterThan(50);
    }
  }

  @Test
  void aProcessThatEndsSaysItsLastWords() throws Exception {
    try (MeasuringProcess process =
        new MeasuringProcess(List.of("sh", "-c", "echo no room left >&2; exit 3"), Map.of())) {
      assertThatThrownBy(() -> process.time(new Measurement(Work.ENCODER, 1, 4, 0, 1)))
          .isInstanceOf(MeasuringProcess.Failure.class)
          .hasMessageContaining("no room left");
    }
  }

  @Test
  void aPythonThatIsNotThereIsNoPeer() throws Exception {
    assertThat(Peer.find(folder.resolve("python").toString())).isEmpty();
    assertThat(Peer.find("false")).isEmpty();
  }
}
