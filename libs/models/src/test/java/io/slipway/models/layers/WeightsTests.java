package io.slipway.models.layers;

import static io.slipway.models.Logits.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.modelfiles.Checkpoint;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.modelfiles.safetensors.Dtype;
import io.slipway.modelfiles.safetensors.SafetensorsWriter;
import io.slipway.modelfiles.safetensors.TensorView;
import io.slipway.models.GoldenCase;
import io.slipway.models.OnCpu;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.task.TextClassification;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTests {

  @OnCpu private static ComputeExecutor executor;
  private final GoldenCase golden = GoldenCase.named("single-label");

  @TempDir Path temp;

  /**
   * A copy of the golden checkpoint with changed weights; a tensor that becomes null is left out.
   */
  private Path changed(BiFunction<TensorView, SafetensorsWriter, Boolean> change) throws Exception {
    Path copy = GoldenCase.copy(golden.directory(), temp.resolve("model"));
    SafetensorsWriter writer = new SafetensorsWriter();
    try (Checkpoint checkpoint = Checkpoint.open(golden.directory())) {
      for (TensorView tensor : checkpoint.tensors().values()) {
        if (!change.apply(tensor, writer)) {
          writer.tensor(tensor.name(), tensor.dtype(), tensor.shape(), tensor::data);
        }
      }
      Files.delete(copy.resolve("model.safetensors"));
      writer.write(copy.resolve("model.safetensors"), false);
    }
    return copy;
  }

  private static TextClassification load(Path checkpoint) throws Exception {
    return TextClassification.load(checkpoint, executor, Precision.FLOAT32);
  }

  private void assertRefused(Path checkpoint, String... parts) {
    assertThatThrownBy(() -> load(checkpoint))
        .isInstanceOfSatisfying(
            ModelFilesException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.WEIGHTS_MISMATCH))
        .hasMessageContainingAll(parts);
  }

  private static void zeros(SafetensorsWriter writer, String name, long... shape) {
    long elements = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    writer.tensor(
        name,
        Dtype.F32,
        Arrays.stream(shape).boxed().toList(),
        () -> MemorySegment.ofArray(new byte[(int) elements * 4]));
  }

  @Test
  void namesEveryTensorThatIsMissingMisshapenOrLeftOver() throws Exception {
    Path model =
        changed(
            (tensor, writer) ->
                switch (tensor.name()) {
                  case "classifier.bias" -> true;
                  case "bert.pooler.dense.bias" -> {
                    zeros(writer, tensor.name(), 7);
                    zeros(writer, "bert.surplus.weight", 2, 2);
                    yield true;
                  }
                  default -> false;
                });
    assertRefused(
        model,
        "missing classifier.bias [5]",
        "bert.pooler.dense.bias has shape [7], expected [24]",
        "unexpected bert.surplus.weight");
  }

  @Test
  void refusesWeightsThatAreNotFloatingPoint() throws Exception {
    Path model =
        changed(
            (tensor, writer) -> {
              if (!tensor.name().equals("classifier.bias")) {
                return false;
              }
              writer.tensor(
                  tensor.name(),
                  Dtype.I32,
                  tensor.shape(),
                  () -> MemorySegment.ofArray(new int[5]));
              return true;
            });
    assertRefused(model, "classifier.bias has dtype I32");
  }

  @Test
  void ignoresWhatPretrainingLeftBehind() throws Exception {
    Path model =
        changed(
            (tensor, writer) -> {
              if (tensor.name().equals("classifier.bias")) {
                writer.tensor(
                    "bert.embeddings.position_ids",
                    Dtype.I64,
                    List.of(1L, 48L),
                    () -> MemorySegment.ofArray(new long[48]));
                zeros(writer, "cls.predictions.bias", 104);
              }
              return false;
            });
    assertAnswersAsTheReference(model);
  }

  @Test
  void understandsTheOlderNamesOfNormalisation() throws Exception {
    Path model =
        changed(
            (tensor, writer) -> {
              if (!tensor.name().contains("LayerNorm")) {
                return false;
              }
              String name =
                  tensor
                      .name()
                      .replace("Norm.weight", "Norm.gamma")
                      .replace("Norm.bias", "Norm.beta");
              writer.tensor(name, tensor.dtype(), tensor.shape(), tensor::data);
              return true;
            });
    assertAnswersAsTheReference(model);
  }

  @Test
  void readsWeightsThatBeginAtAnOddAddress() throws Exception {
    Path model = changed((tensor, writer) -> false);
    Path file = model.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    byte[] shifted = new byte[bytes.length + 1];
    int header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
    System.arraycopy(bytes, 0, shifted, 0, 8 + header);
    shifted[8 + header] = ' ';
    System.arraycopy(bytes, 8 + header, shifted, 9 + header, bytes.length - 8 - header);
    ByteBuffer.wrap(shifted).order(ByteOrder.LITTLE_ENDIAN).putLong(0, header + 1);
    Files.write(file, shifted);
    assertAnswersAsTheReference(model);
  }

  private void assertAnswersAsTheReference(Path checkpoint) throws Exception {
    try (TextClassification model = load(checkpoint)) {
      assertClose(
          model.logits(golden.texts().stream().map(model::tokenize).toList()),
          golden.logits(),
          1e-5f);
    }
  }
}
