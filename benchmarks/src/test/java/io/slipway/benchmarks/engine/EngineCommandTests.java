package io.slipway.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.benchmarks.Execution;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineCommandTests {

  @TempDir private Path folder;

  @Test
  void aFolderWithoutTheCheckpointsIsRefused() {
    Execution run = Execution.of("bench", "engine", folder.toString(), "--only", "decoder");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("llama-254m", "make_models.py");
  }

  @Test
  void aPythonThatWasAskedForAndCannotServeIsRefused() throws Exception {
    TinyModels.in(folder);

    Execution run =
        Execution.of("bench", "engine", folder.toString(), "--python", "/nowhere/python");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("/nowhere/python", "transformers");
  }

  @Test
  void sectionsAndNumbersThatThereAreNotAreRefused() throws Exception {
    TinyModels.in(folder);

    Execution section = Execution.of("bench", "engine", folder.toString(), "--only", "serving");
    Execution threads = Execution.of("bench", "engine", folder.toString(), "--threads", "0");
    Execution device = Execution.of("bench", "engine", folder.toString(), "--device", "abacus");

    assertThat(section.exitCode()).isEqualTo(2);
    assertThat(section.err()).contains("serving");
    assertThat(threads.exitCode()).isEqualTo(2);
    assertThat(device.exitCode()).isEqualTo(2);
    assertThat(device.err()).contains("abacus");
  }
}
