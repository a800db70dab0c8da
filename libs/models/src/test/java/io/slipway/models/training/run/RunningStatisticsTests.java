package io.slipway.models.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.safetensors.Dtype;
import io.slipway.modelfiles.safetensors.TensorView;
import io.slipway.models.GoldenCase;
import io.slipway.models.ReferenceCase;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Seed;
import io.slipway.models.runtime.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What batch normalisation keeps of the batches that it has seen. */
class RunningStatisticsTests {

  @TempDir Path temp;

  @ParameterizedTest
  @ValueSource(strings = {"resnet-basic", "resnet-bottleneck", "resnet-bottleneck-early"})
  void afterTwoBatchesAreTheReferencesAndSavedWithTheModel(String name) throws Exception {
    ReferenceCase reference = ReferenceCase.named("vision/" + name);
    Path saved = GoldenCase.copy(reference.directory(), temp.resolve("saved"));
    Files.delete(saved.resolve(TrainingFiles.MODEL));
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 2)) {
      LoadedModel<?> model = executor.call(reference::forTraining);
      try {
        executor.call(
            () -> {
              for (int batch = 0; batch < 2; batch++) {
                reference
                    .outputs(model)
                    .compute(Forward.training(ComputeDevice.CPU, new Seed(batch)));
              }
              TrainingFiles.saveWeights(
                  saved.resolve(TrainingFiles.MODEL), model.weights().parameters());
              return true;
            });
      } finally {
        executor.release(model::close);
      }
      JsonNode buffers = reference.golden().get("buffers_after_two_batches");
      assertThat(buffers.size()).isPositive();
      for (Map.Entry<String, JsonNode> buffer : buffers.properties()) {
        assertSaved(saved, buffer.getKey(), buffer.getValue().get("data"), executor);
      }
      assertThat(
              executor.call(
                  () -> {
                    try (LoadedModel<?> again = ReferenceCase.at(saved).forTraining()) {
                      return again.weights().parameters().size();
                    }
                  }))
          .isPositive();
    }
  }

  private static void assertSaved(
      Path directory, String name, JsonNode expected, ComputeExecutor executor) throws Exception {
    boolean count = name.endsWith("num_batches_tracked");
    float[] values = new float[expected.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = expected.get(i).floatValue();
    }
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      TensorView tensor = checkpoint.tensors().get(name);
      assertThat(tensor.dtype()).isEqualTo(count ? Dtype.I64 : Dtype.F32);
      assertThat(tensor.shape()).isEqualTo(count ? List.of() : List.of((long) values.length));
      assertThat(executor.call(() -> Tensors.floats(Tensors.view(tensor))))
          .as(name)
          .containsExactly(values, offset(2e-6f));
    }
  }
}
