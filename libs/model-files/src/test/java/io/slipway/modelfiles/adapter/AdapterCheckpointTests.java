package io.slipway.modelfiles.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.modelfiles.adapter.AdapterWriter.Source;
import io.slipway.modelfiles.safetensors.Dtype;
import io.slipway.modelfiles.safetensors.SafetensorsWriter;
import io.slipway.modelfiles.safetensors.TensorView;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AdapterCheckpointTests {

  private static final Path GOLDENS = Path.of("src/test/resources/adapter");
  private static final String CONFIG =
      """
      {"peft_type": "LORA", "target_modules": ["query"], "r": 2, "modules_to_save": ["head"]}
      """;

  @TempDir Path temp;

  private static Source floats(long... shape) {
    int elements = Math.toIntExact(LongStream.of(shape).reduce(1, (a, b) -> a * b));
    float[] values = new float[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = i + 0.5f;
    }
    return new Source(
        Dtype.F32, LongStream.of(shape).boxed().toList(), () -> MemorySegment.ofArray(values));
  }

  /** Writes tensors by "name shape", the shape as in [2, 3], with names that lack their prefix. */
  private void tensors(String... described) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (String one : described) {
      String[] parts = one.split(" ", 2);
      long[] shape =
          Arrays.stream(parts[1].replaceAll("[\\[\\] ]", "").split(","))
              .mapToLong(Long::parseLong)
              .toArray();
      Source source = floats(shape);
      writer.tensor("base_model.model." + parts[0], source.dtype(), source.shape(), source.data());
    }
    writer.write(temp.resolve("adapter_model.safetensors"), false);
  }

  private static double sum(TensorView tensor) {
    return Arrays.stream(boxed(tensor)).mapToDouble(Float::doubleValue).sum();
  }

  private static Float[] boxed(TensorView tensor) {
    float[] values = tensor.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    Float[] boxed = new Float[values.length];
    Arrays.setAll(boxed, i -> values[i]);
    return boxed;
  }

  @Test
  void readsWhatPeftSaved() throws IOException {
    JsonNode expected =
        new JsonMapper()
            .readTree(Files.readAllBytes(GOLDENS.resolve("targets.json")))
            .get("cases")
            .get("rank-stabilized");
    try (AdapterCheckpoint adapter = AdapterCheckpoint.open(GOLDENS.resolve("saved"))) {
      Map<String, TensorView> tensors = new TreeMap<>();
      adapter
          .lowRank()
          .forEach(
              (module, change) -> {
                tensors.put("base_model.model." + module + ".lora_A.weight", change.a());
                tensors.put("base_model.model." + module + ".lora_B.weight", change.b());
                assertThat(change.module()).isEqualTo(module);
                assertThat(change.rank())
                    .isEqualTo(expected.get("changes").get(module).get(0).asLong());
                assertThat(change.scale())
                    .isCloseTo(
                        expected.get("changes").get(module).get(1).asDouble(), within(1e-12));
              });
      adapter.saved().forEach((name, tensor) -> tensors.put("base_model.model." + name, tensor));

      assertThat(tensors.keySet()).isEqualTo(Map.copyOf(expectedSums(expected)).keySet());
      expectedSums(expected)
          .forEach(
              (name, sum) ->
                  assertThat(sum(tensors.get(name))).as(name).isCloseTo(sum, within(1e-5)));
      assertThat(adapter.saved())
          .containsOnlyKeys(
              "classifier.weight",
              "classifier.bias",
              "bert.pooler.dense.weight",
              "bert.pooler.dense.bias");
    }
  }

  private static Map<String, Double> expectedSums(JsonNode expected) {
    Map<String, Double> sums = new TreeMap<>();
    expected.get("sums").properties().forEach(e -> sums.put(e.getKey(), e.getValue().asDouble()));
    return sums;
  }

  @Test
  void readsWhatItWrote() throws IOException {
    AdapterConfig config = AdapterConfig.of(ModelConfig.parse(AdapterConfig.FILE, CONFIG));
    Path directory = temp.resolve("new");
    new AdapterWriter(config)
        .lowRank("layer.0.query", floats(2, 5), floats(3, 2))
        .saved("head.out.weight", floats(4, 3))
        .write(directory, true);

    try (AdapterCheckpoint adapter = AdapterCheckpoint.open(directory)) {
      assertThat(adapter.config()).isEqualTo(config);
      LowRankTensors change = adapter.lowRank().get("layer.0.query");
      assertThat(change.a().shape()).isEqualTo(List.of(2L, 5L));
      assertThat(boxed(change.b())).containsExactly(0.5f, 1.5f, 2.5f, 3.5f, 4.5f, 5.5f);
      assertThat(change.scale()).isEqualTo(4);
      assertThat(adapter.saved().get("head.out.weight").shape()).isEqualTo(List.of(4L, 3L));
    }
  }

  @Test
  void refusesToWriteWhatPeftWouldNotLoad() {
    AdapterWriter writer =
        new AdapterWriter(AdapterConfig.of(ModelConfig.parse(AdapterConfig.FILE, CONFIG)));

    assertThatThrownBy(() -> writer.lowRank("layer.0.key", floats(2, 5), floats(3, 2)))
        .hasMessage("layer.0.key is none of the adapter's target modules");
    assertThatThrownBy(() -> writer.lowRank("query", floats(3, 5), floats(3, 3)))
        .hasMessage("A of query has shape [3, 5], expected [2, inputs]");
    assertThatThrownBy(() -> writer.lowRank("query", floats(2, 5), floats(2, 3)))
        .hasMessage("B of query has shape [2, 3], expected [outputs, 2]");
    assertThatThrownBy(() -> writer.saved("body.weight", floats(1)))
        .hasMessage("body.weight belongs to none of the adapter's modules to save, [head]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x.query.lora_A.weight [2, 3] | WEIGHTS_MISMATCH | x.query.lora_A.weight has no lora_B beside it",
        "x.query.lora_B.weight [3, 2] | WEIGHTS_MISMATCH | x.query.lora_B.weight has no lora_A beside it",
        "body.weight [3] | WEIGHTS_MISMATCH | body.weight belongs to no module that modules_to_save names",
        "x.lora_embedding_A [2, 3] | UNSUPPORTED_CONFIG | a change of an embedding",
        "x.query.lora_magnitude_vector [3] | UNSUPPORTED_CONFIG | a magnitude of DoRA",
        "x.query.lora_B.bias [3] | UNSUPPORTED_CONFIG | a bias of a change",
        "x.query.base_layer.bias [3] | UNSUPPORTED_CONFIG | a weight of the layer beneath a change",
        "x.query.lora_A.default.weight [2, 3] | UNSUPPORTED_CONFIG | a change in a layout other than lora_A.weight",
      })
  void refusesTensorsByName(String tensor, Reason reason, String message) throws IOException {
    Files.writeString(temp.resolve("adapter_config.json"), CONFIG);
    tensors(tensor);

    assertThatThrownBy(() -> AdapterCheckpoint.open(temp))
        .isInstanceOf(ModelFilesException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((ModelFilesException) e).reason())
        .isEqualTo(reason);
  }

  @Test
  void namesAllTensorsThatDoNotFit() throws IOException {
    Files.writeString(temp.resolve("adapter_config.json"), CONFIG);
    tensors(
        "a.query.lora_A.weight [3, 4]",
        "a.query.lora_B.weight [4, 3]",
        "b.query.lora_A.weight [2, 4]",
        "b.query.lora_B.weight [4]",
        "c.key.lora_A.weight [2, 4]",
        "c.key.lora_B.weight [4, 2]");

    assertThatThrownBy(() -> AdapterCheckpoint.open(temp))
        .hasMessage(
            "adapter_model.safetensors does not fit adapter_config.json:"
                + " base_model.model.a.query.lora_A.weight has shape [3, 4], expected [2, inputs];"
                + " base_model.model.b.query.lora_B.weight has shape [4], expected [outputs, 2];"
                + " base_model.model.c.key.lora_A.weight changes a module that target_modules does not name");
  }

  @Test
  void refusesChangesOfConvolutions() throws IOException {
    Files.writeString(temp.resolve("adapter_config.json"), CONFIG);
    tensors("query.lora_A.weight [2, 4, 3, 3]", "query.lora_B.weight [4, 2, 1, 1]");

    assertThatThrownBy(() -> AdapterCheckpoint.open(temp))
        .hasMessageContaining(
            "query.lora_A.weight of shape [2, 4, 3, 3], a change of a convolution");
  }

  @Test
  void refusesPickledWeights() throws IOException {
    Files.writeString(temp.resolve("adapter_config.json"), CONFIG);
    assertThatThrownBy(() -> AdapterCheckpoint.open(temp))
        .hasMessage("the adapter has no adapter_model.safetensors");
    Files.writeString(temp.resolve("adapter_model.bin"), "");
    assertThatThrownBy(() -> AdapterCheckpoint.open(temp))
        .hasMessageContaining("only weights are pickled (adapter_model.bin)");
  }

  @Test
  void refusesDirectoriesWithoutConfiguration() {
    assertThatThrownBy(() -> AdapterCheckpoint.open(temp))
        .hasMessage("the checkpoint has no adapter_config.json");
  }
}
