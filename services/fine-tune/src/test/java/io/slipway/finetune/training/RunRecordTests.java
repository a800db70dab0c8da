package io.slipway.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.common.v1.ArtifactFile;
import io.slipway.finetune.v1.Checkpoint;
import io.slipway.finetune.v1.FineTuneJob;
import io.slipway.finetune.v1.FineTuneRun;
import io.slipway.finetune.v1.TrainingProgress;
import io.slipway.finetune.v1.ValidationPoint;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunRecordTests {

  private static final ArtifactFile FILE = ArtifactFile.newBuilder().setPath("a").build();

  private final FineTuneRun fresh =
      FineTuneRun.newBuilder()
          .setOutputs(FineTuneJob.newBuilder().addLabels("ham").setTrainRows(80))
          .build();

  @Test
  void forgetsWhatWasReportedBeyondTheCheckpointThatIsResumed() {
    FineTuneRun run = validated(validated(validated(fresh, 0), 10), 20);
    run = RunRecord.checkpointed(run, checkpoint(10));

    FineTuneRun begun = RunRecord.begun(RunRecord.failed(run, 1, "INTERNAL", "x"));

    assertThat(begun.getOutputs().getValidationsList())
        .extracting(ValidationPoint::getStep)
        .containsExactly(0, 10);
    assertThat(begun.getOutputs().getProgress())
        .isEqualTo(
            TrainingProgress.newBuilder()
                .setStep(10)
                .setTotalSteps(100)
                .setResumedFromStep(10)
                .build());
    assertThat(begun.hasFailure()).isFalse();
    assertThat(begun.getOutputs().getTrainRows()).isEqualTo(80);
  }

  @Test
  void beginsFromNothingWhenThereIsNoCheckpoint() {
    FineTuneRun begun = RunRecord.begun(validated(fresh, 0));

    assertThat(begun).isEqualTo(fresh);
  }

  @Test
  void countsAValidationOnce() {
    FineTuneRun once = validated(fresh, 10);

    assertThat(validated(once, 10).getOutputs().getValidationsCount()).isEqualTo(1);
  }

  @Test
  void doesNotGoBackToAnOlderCheckpoint() {
    FineTuneRun run = RunRecord.checkpointed(fresh, checkpoint(20));

    assertThat(RunRecord.checkpointed(run, checkpoint(10)).getCheckpoint().getStep()).isEqualTo(20);
  }

  @Test
  void changesNothingOnceTheResultIsThere() {
    FineTuneRun done = RunRecord.finished(fresh, List.of(FILE), Optional.empty());

    assertThat(validated(done, 30)).isEqualTo(done);
    assertThat(RunRecord.checkpointed(done, checkpoint(30))).isEqualTo(done);
    assertThat(RunRecord.failed(done, 1, "INTERNAL", "late")).isEqualTo(done);
    assertThat(RunRecord.begun(done)).isEqualTo(done);
    assertThat(
            RunRecord.finished(
                done, List.of(FILE, FILE), Optional.of(ValidationPoint.getDefaultInstance())))
        .isEqualTo(done);
  }

  private static FineTuneRun validated(FineTuneRun run, int step) {
    return RunRecord.progressed(
        run,
        TrainingProgress.newBuilder().setStep(step).setTotalSteps(100).build(),
        Optional.of(ValidationPoint.newBuilder().setStep(step).build()));
  }

  private static Checkpoint checkpoint(int step) {
    return Checkpoint.newBuilder().setStep(step).addFiles(FILE).build();
  }
}
