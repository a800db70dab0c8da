package io.slipway.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.artifacts.Digest;
import io.slipway.common.v1.ArtifactFile;
import io.slipway.finetune.v1.ReportResultRequest;
import io.slipway.finetune.v1.TrainingPlan;
import io.slipway.finetune.v1.ValidationPoint;
import io.slipway.modelfiles.safetensors.SafetensorsFile;
import io.slipway.process.ChildProcess;
import io.slipway.trainer.testing.TaskPlans;
import io.slipway.trainer.testing.TrainerSurroundings;
import io.slipway.trainer.testing.TrainingStandIn.Reports;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResumedRunTests {

  private static final int EPOCHS = 20;

  @TempDir private Path directory;

  /** What is resumed. */
  private enum Kind {
    WHOLE_MODEL,
    ADAPTER,
    SUMMARIES
  }

  @ParameterizedTest
  @EnumSource
  void computesBitForBitWhatARunThatWasNeverKilledDoes(Kind kind) throws IOException {
    try (TrainerSurroundings surroundings = new TrainerSurroundings(directory);
        ChildProcess victim = surroundings.startTrainer("victim")) {
      Reports whole = surroundings.training.add("fineTuneJobs/whole", plan(surroundings, kind));
      surroundings.awaitIdle().assign("fineTuneJobs/whole", 1);
      await().atMost(Duration.ofSeconds(90)).until(() -> !whole.results.isEmpty());

      Reports killed = surroundings.training.add("fineTuneJobs/killed", plan(surroundings, kind));
      surroundings.awaitIdle().assign("fineTuneJobs/killed", 1);
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> killed.checkpoints.size() >= 3);
      victim.kill9();
      assertThat(killed.results).isEmpty();
      int resumedFrom = killed.checkpoints.getLast().getStep();
      killed.takeOver(2);
      killed.resume();
      try (ChildProcess heir = surroundings.startTrainer("heir")) {
        surroundings.awaitIdle().assign("fineTuneJobs/killed", 2);
        await().atMost(Duration.ofSeconds(90)).until(() -> !killed.results.isEmpty());
        assertThat(heir.isAlive()).isTrue();
      }

      assertThat(resumedFrom).isPositive();
      assertThat(killed.progress.getLast().getResumedFromStep()).isEqualTo(resumedFrom);
      assertThat(results(killed)).isEqualTo(results(whole));
      for (String weights :
          kind == Kind.ADAPTER
              ? List.of("model.safetensors", "adapter/adapter_model.safetensors")
              : List.of("model.safetensors")) {
        assertThat(tensors(surroundings, killed.results.getFirst(), weights))
            .usingRecursiveComparison()
            .isEqualTo(tensors(surroundings, whole.results.getFirst(), weights));
      }
    }
  }

  private static TrainingPlan plan(TrainerSurroundings surroundings, Kind kind) {
    return switch (kind) {
      case WHOLE_MODEL -> surroundings.plan(EPOCHS).build();
      case ADAPTER -> surroundings.adapterPlan(EPOCHS, "query", "value").build();
      case SUMMARIES -> new TaskPlans(surroundings, 4 * EPOCHS).summarization().build();
    };
  }

  /**
   * Step to what was measured there, except for the mean since the last validation, which a crash
   * cuts short.
   */
  private static Map<Integer, List<Double>> results(Reports reports) {
    Map<Integer, List<Double>> measured = new HashMap<>();
    for (ValidationPoint point : reports.validations) {
      measured.put(
          point.getStep(), List.of(point.getLoss(), point.getAccuracy(), point.getMacroF1()));
    }
    return measured;
  }

  private static Map<String, byte[]> tensors(
      TrainerSurroundings surroundings, ReportResultRequest result, String path)
      throws IOException {
    ArtifactFile weights =
        result.getFilesList().stream()
            .filter(file -> file.getPath().equals(path))
            .findFirst()
            .orElseThrow();
    Map<String, byte[]> tensors = new HashMap<>();
    try (SafetensorsFile file =
        SafetensorsFile.open(surroundings.store().path(Digest.of(weights.getSha256())))) {
      file.tensors()
          .forEach(
              (name, tensor) -> tensors.put(name, tensor.data().toArray(ValueLayout.JAVA_BYTE)));
    }
    return tensors;
  }
}
