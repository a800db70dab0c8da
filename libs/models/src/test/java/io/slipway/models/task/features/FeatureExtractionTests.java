package io.slipway.models.task.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.models.OnCpu;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.task.TaskCalls;
import io.slipway.models.task.TaskCalls.Call;
import io.slipway.models.task.features.FeatureExtraction.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class FeatureExtractionTests {

  @OnCpu private static ComputeExecutor executor;

  @TempDir Path temp;

  private static FeatureExtraction load(Path directory) throws Exception {
    return FeatureExtraction.load(directory, executor, Precision.FLOAT32);
  }

  private static Options options(Call call) {
    JsonNode normalize = call.parameters().path("normalize");
    return new Options(
        call.string("pooling")
            .map(
                name ->
                    Stream.of(Pooling.values())
                        .filter(pooling -> pooling.mode().equals(name))
                        .findFirst()
                        .orElseThrow()),
        normalize.isBoolean() ? Optional.of(normalize.asBoolean()) : Optional.empty(),
        call.string("prompt_name"),
        true,
        Optional.empty());
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).floatValue();
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"features-bert", "features-mpnet"})
  void embedsAsTheReference(String name) throws Exception {
    TaskCalls golden = TaskCalls.named(name);
    try (FeatureExtraction model = load(golden.directory())) {
      for (Call call : golden.calls()) {
        List<Embedding> embeddings = model.embed(TaskCalls.texts(call.inputs()), options(call));
        assertThat(embeddings).hasSize(call.result().size());
        for (int i = 0; i < embeddings.size(); i++) {
          assertThat(embeddings.get(i).values())
              .as("%s", call.parameters())
              .containsExactly(floats(call.result().get(i)), offset(2e-5f));
        }
      }
    }
  }

  @Test
  void statesAreTheReferencesInBatchesAndAlone() throws Exception {
    TaskCalls golden = TaskCalls.named("features-bert");
    Path plain = temp.resolve("plain");
    copy(golden.directory(), plain);
    Files.delete(plain.resolve("sentence_bert_config.json"));
    try (FeatureExtraction model = load(plain)) {
      List<String> texts = TaskCalls.texts(golden.calls().getFirst().inputs());
      JsonNode expected = golden.golden().golden().get("states");
      List<float[][]> together = model.states(texts);
      for (int i = 0; i < texts.size(); i++) {
        float[][] alone = model.states(List.of(texts.get(i))).getFirst();
        assertThat(together.get(i)).hasNumberOfRows(expected.get(i).size());
        for (int j = 0; j < alone.length; j++) {
          float[] state = floats(expected.get(i).get(j));
          assertThat(together.get(i)[j]).containsExactly(state, offset(2e-5f));
          assertThat(alone[j]).containsExactly(state, offset(2e-5f));
        }
      }
    }
  }

  @Test
  void followsTheCheckpointsLimitAndSaysWhatItRead() throws Exception {
    try (FeatureExtraction model = load(TaskCalls.named("features-bert").directory())) {
      assertThat(model.maxLength()).isEqualTo(12);
      assertThat(model.promptNames()).containsExactly("query", "passage");
      String longText = "London ".repeat(30);
      assertThat(model.embed(List.of(longText, "London"), Options.DEFAULT))
          .first()
          .extracting(Embedding::tokens)
          .isEqualTo(12);
      Options whole =
          new Options(
              Optional.empty(), Optional.empty(), Optional.empty(), false, Optional.empty());
      assertThat(model.embed(List.of("London"), whole)).hasSize(1);
      assertThatThrownBy(() -> model.embed(List.of(longText), whole))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("more than the 12 tokens");
      Options unknown =
          new Options(
              Optional.empty(), Optional.empty(), Optional.of("poem"), true, Optional.empty());
      assertThatThrownBy(() -> model.embed(List.of("London"), unknown))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("\"poem\"")
          .hasMessageContaining("query");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "[{\"path\":\"2_Dense\",\"type\":\"sentence_transformers.models.Dense\"}]; Dense",
        "[{\"path\":\"x\",\"type\":\"sentence_transformers.models.Transformer\"}]; folder x",
        "[{\"path\":\"../x\",\"type\":\"sentence_transformers.models.Pooling\"}]; \"../x\"",
        "{\"a\": 1}; not a list",
        "[{\"path\"; not valid JSON"
      })
  void modulesThatAreNotSupportedAreNamed(String modules, String named) throws Exception {
    Path copy = temp.resolve("model");
    copy(TaskCalls.named("features-bert").directory(), copy);
    Files.writeString(copy.resolve("modules.json"), modules);
    assertRefused(copy, named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"pooling_mode_quantum_tokens\": true}; pooling_mode_quantum_tokens",
        "{\"pooling_mode\": \"quantum\"}; quantum",
        "{\"pooling_mode_mean_tokens\": false}; no pooling_mode"
      })
  void poolingThatIsNotSupportedIsNamed(String pooling, String named) throws Exception {
    Path copy = temp.resolve("model");
    copy(TaskCalls.named("features-bert").directory(), copy);
    Files.writeString(copy.resolve("1_Pooling/config.json"), pooling);
    assertRefused(copy, named);
  }

  private static void assertRefused(Path directory, String named) {
    assertThatThrownBy(() -> load(directory))
        .isInstanceOfSatisfying(
            ModelFilesException.class,
            e -> assertThat(e.reason()).isIn(Reason.UNSUPPORTED_CONFIG, Reason.MALFORMED_CONFIG))
        .hasMessageContaining(named);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
