package io.slipway.finetune.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.artifacts.Digest;
import io.slipway.common.v1.ArtifactFile;
import io.slipway.finetune.v1.Checkpoint;
import io.slipway.finetune.v1.FineTuneRun;
import io.slipway.finetune.v1.TrainingResult;
import org.junit.jupiter.api.Test;

class RunHoldingsTests {

  @Test
  void letGoOfWeightsThatAreNoPartOfTheResult() {
    FineTuneRun run =
        FineTuneRun.newBuilder()
            .setCheckpoint(
                Checkpoint.newBuilder()
                    .addFiles(file("state/optimizer.safetensors"))
                    .addFiles(file("best/model.safetensors")))
            .setResult(TrainingResult.newBuilder().addFiles(file("best/model.safetensors")))
            .build();

    assertThat(RunHoldings.checkpointOnly(run))
        .containsExactly(Digest.ofText("state/optimizer.safetensors"));
  }

  @Test
  void keepWhatAnotherJobsResultMayBeMadeOf() {
    FineTuneRun cancelled =
        FineTuneRun.newBuilder()
            .setCheckpoint(
                Checkpoint.newBuilder()
                    .addFiles(file("best/config.json"))
                    .addFiles(file("best/adapter/adapter_config.json"))
                    .addFiles(file("state/model.safetensors")))
            .build();

    assertThat(RunHoldings.checkpointOnly(cancelled))
        .containsExactly(Digest.ofText("state/model.safetensors"));
  }

  private static ArtifactFile file(String path) {
    return ArtifactFile.newBuilder().setPath(path).setSha256(Digest.ofText(path).hex()).build();
  }
}
