package io.slipway.models.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.Task;
import io.slipway.models.GoldenCase;
import io.slipway.models.OnCpu;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TextToTextGenerationTests {

  private static final String TEXT = "is the app down? the card was charged twice!";

  @OnCpu private static ComputeExecutor executor;

  private static TextToTextGeneration opened(Path directory, Task task) throws Exception {
    return TextToTextGeneration.load(directory, task, executor, Precision.FLOAT32);
  }

  private static TextToTextGeneration opened(String name, Task task) throws Exception {
    return opened(GoldenCase.checkpoint("generation/" + name), task);
  }

  private static ModelConfig fields(String json) {
    return ModelConfig.parse("parameters", json);
  }

  private static List<String> firsts(List<List<String>> texts) {
    return texts.stream().map(List::getFirst).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bart", "marian"})
  void textsAreTheReferencesAloneAndTogether(String name) throws Exception {
    JsonNode golden = GoldenCase.json("generation/" + name + "/golden.json").get("texts");
    List<String> sources = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    golden.forEach(
        text -> {
          sources.add(text.get("text").asString());
          expected.add(text.get("texts").get(0).asString());
        });
    ModelConfig parameters =
        fields("{\"generate_parameters\": %s}".formatted(golden.get(0).get("options")));
    try (TextToTextGeneration model = opened(name, Task.SUMMARIZATION)) {
      assertThat(firsts(model.write(sources, parameters))).isEqualTo(expected);
      for (int i = 0; i < sources.size(); i++) {
        assertThat(firsts(model.write(List.of(sources.get(i)), parameters)))
            .containsExactly(expected.get(i));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SUMMARIZATION, '{}', 'summarize: '",
    "TRANSLATION, '{\"src_lang\": \"en\", \"tgt_lang\": \"de\"}', 'translate English to German: '"
  })
  void aCheckpointsOwnSettingsForItsTaskApply(Task task, String parameters, String prefix)
      throws Exception {
    JsonNode golden = GoldenCase.json("generation/t5/golden.json").get("texts");
    List<String> sources = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    golden.forEach(
        text -> {
          if (text.get("text").asString().startsWith(prefix)) {
            sources.add(text.get("text").asString().substring(prefix.length()));
            expected.add(text.get("texts").get(0).asString());
          }
        });
    assertThat(sources).hasSize(3);
    try (TextToTextGeneration model = opened("t5", task)) {
      assertThat(firsts(model.write(sources, fields(parameters)))).isEqualTo(expected);
    }
  }

  @Test
  void tellsT5ALanguageByItsName() throws Exception {
    try (TextToTextGeneration model = opened("t5", Task.TRANSLATION)) {
      ModelConfig french = fields("{\"src_lang\": \"en\", \"tgt_lang\": \"fr\"}");
      ModelConfig words = fields("{\"prefix\": \"translate English to French: \"}");
      assertThat(model.write(List.of(TEXT), french))
          .isEqualTo(model.write(List.of(TEXT), words))
          .isNotEqualTo(model.write(List.of(TEXT), fields("{}")));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.write(List.of(TEXT), fields("{\"tgt_lang\": \"fr\"}")))
          .withMessageContaining("src_lang");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  model.write(
                      List.of(TEXT), fields("{\"src_lang\": \"en\", \"tgt_lang\": \"qqq\"}")))
          .withMessageContaining("qqq");
    }
  }

  @Test
  void tellsAModelALanguageByItsToken(@TempDir Path directory) throws Exception {
    Path copy =
        GoldenCase.copy(GoldenCase.checkpoint("generation/bart"), directory.resolve("copy"));
    Path tokenizer = copy.resolve("tokenizer.json");
    String json = Files.readString(tokenizer).replaceAll("\\s+", " ");
    assertThat(json).contains("\"id\": 3, \"content\": \"<unk>\"");
    Files.writeString(tokenizer, json.replace("\"<unk>\"", "\"de_DE\""));
    ModelConfig german = fields("{\"tgt_lang\": \"de_DE\", \"max_new_tokens\": 6}");
    ModelConfig forced = fields("{\"forced_bos_token_id\": 3, \"max_new_tokens\": 6}");
    try (TextToTextGeneration model = opened(copy, Task.TRANSLATION)) {
      assertThat(model.write(List.of(TEXT), german))
          .isEqualTo(model.write(List.of(TEXT), forced))
          .isNotEqualTo(model.write(List.of(TEXT), fields("{\"max_new_tokens\": 6}")));
    }
  }

  @Test
  void cutsALongTextUnlessThatIsForbidden() throws Exception {
    String text = "please refund my order: it has not arrived. ".repeat(9);
    try (TextToTextGeneration model = opened("marian", Task.TRANSLATION)) {
      assertThat(model.maxLength()).isEqualTo(40);
      assertThat(firsts(model.write(List.of(text), fields("{\"truncation\": \"only_first\"}"))))
          .hasSize(1);
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> model.write(List.of(text), fields("{\"truncation\": \"do_not_truncate\"}")))
          .withMessageContaining("more than 40 tokens");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.write(List.of(text), fields("{\"truncation\": \"never\"}")))
          .withMessageContaining("never");
    }
  }

  @Test
  void drawsSeveralTextsByASeed() throws Exception {
    String parameters =
        """
        {"do_sample": true, "seed": 4, "num_return_sequences": 3, "max_new_tokens": 6,
         "temperature": 3.0, "top_k": 0}
        """;
    try (TextToTextGeneration model = opened("bart", Task.SUMMARIZATION)) {
      List<List<String>> texts = model.write(List.of(TEXT, "hello"), fields(parameters));
      assertThat(texts).hasSize(2).allSatisfy(own -> assertThat(own).hasSize(3));
      assertThat(texts.getFirst().stream().distinct()).hasSizeGreaterThan(1);
      assertThat(model.write(List.of(TEXT), fields(parameters))).isEqualTo(texts.subList(0, 1));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.write(List.of(TEXT), fields("{\"num_return_sequences\": 2}")))
          .withMessageContaining("all the same");
    }
  }

  @Test
  void isForItsTasksOnly() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> opened("bart", Task.FILL_MASK))
        .withMessageContaining("fill-mask, expected summarization or translation");
  }
}
