package io.slipway.models.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.GoldenCase;
import io.slipway.models.OnCpu;
import io.slipway.models.generation.FinishReason;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TextGenerationTests {

  private static final String PROMPT = "please refund my order";

  @OnCpu private static ComputeExecutor executor;
  private static TextGeneration generation;

  @BeforeAll
  static void load() throws Exception {
    generation = opened("llama");
  }

  @AfterAll
  static void close() {
    generation.close();
  }

  private static TextGeneration opened(String name) throws Exception {
    return TextGeneration.load(
        GoldenCase.checkpoint("generation/" + name), executor, Precision.FLOAT32);
  }

  private static ModelConfig fields(String json) {
    return ModelConfig.parse("parameters", json);
  }

  private static GeneratedText one(String prompt, String parameters) throws Exception {
    return generation.generate(List.of(prompt), fields(parameters)).getFirst().getFirst();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama", "mistral"})
  void textsAreTheReferencesAloneAndTogether(String name) throws Exception {
    JsonNode golden = GoldenCase.json("generation/" + name + "/golden.json").get("texts");
    List<String> prompts = golden.valueStream().map(text -> text.get("text").asString()).toList();
    List<String> expected =
        golden.valueStream().map(text -> text.get("texts").get(0).asString()).toList();
    ModelConfig parameters = fields(golden.get(0).get("options").toString());
    try (TextGeneration model = opened(name)) {
      List<String> together =
          model.generate(prompts, parameters).stream().map(own -> own.getFirst().text()).toList();
      assertThat(together).isEqualTo(expected);
      for (int i = 0; i < prompts.size(); i++) {
        assertThat(model.generate(prompts.subList(i, i + 1), parameters).getFirst().getFirst())
            .extracting(GeneratedText::text, GeneratedText::finishReason)
            .containsExactly(expected.get(i), FinishReason.LENGTH);
      }
    }
  }

  @Test
  void partsOfAStreamAreTheWholeText() throws Exception {
    String parameters = "{\"max_new_tokens\": 25, \"seed\": 5, \"top_k\": 0, \"details\": true}";
    GeneratedText whole = one(PROMPT, parameters);
    List<GeneratedToken> tokens = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    GeneratedText streamed =
        generation.stream(
            PROMPT,
            fields(parameters),
            (token, part) -> {
              tokens.add(token);
              text.append(part);
              return true;
            });
    assertThat(streamed).isEqualTo(whole);
    assertThat(tokens).isEqualTo(whole.tokens());
    // The last token's own characters may have come with it, and nothing comes after it.
    assertThat(text.toString()).isEqualTo(whole.text());
    assertThat(text.toString()).isNotEmpty();
  }

  @Test
  void aListenerEndsAStream() throws Exception {
    List<GeneratedToken> tokens = new ArrayList<>();
    GeneratedText text =
        generation.stream(
            PROMPT,
            fields("{\"max_new_tokens\": 25}"),
            (token, part) -> {
              tokens.add(token);
              return tokens.size() < 4;
            });
    assertThat(text.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(text.tokens()).isEqualTo(tokens).hasSize(4);
  }

  @Test
  void anInterruptedCallerEndsItsGenerationAndLeavesTheModelUsable() throws Exception {
    Thread.currentThread().interrupt();
    boolean interrupted = false;
    try {
      one(PROMPT, "{\"max_new_tokens\": 25}");
    } catch (InterruptedException e) {
      interrupted = true;
    }
    assertThat(interrupted || Thread.interrupted()).isTrue();
    assertThat(one(PROMPT, "{\"max_new_tokens\": 3}").tokens()).hasSize(3);
  }

  @Test
  void detailsTellOfPromptAndTokens() throws Exception {
    GeneratedText text =
        one(
            PROMPT,
            """
            {"max_new_tokens": 6, "details": true, "decoder_input_details": true, "top_n_tokens": 2,
             "return_full_text": true}
            """);
    assertThat(text.text()).startsWith(PROMPT);
    assertThat(text.prompt().stream().map(GeneratedToken::text).collect(Collectors.joining()))
        .isEqualTo(PROMPT);
    assertThat(text.prompt().getFirst().logProbability()).isNaN();
    assertThat(text.prompt().getLast().logProbability()).isNegative();
    assertThat(text.tokens())
        .hasSize(6)
        .allSatisfy(
            token -> {
              assertThat(token.top()).hasSize(2);
              assertThat(token.top().getFirst().id()).isEqualTo(token.id());
              assertThat(token.logProbability()).isNegative();
            });
    assertThat(one(PROMPT, "{\"max_new_tokens\": 6}").tokens().getFirst().logProbability()).isNaN();
  }

  @Test
  void endsAfterAStopStringAndBeforeAnEndToken() throws Exception {
    GeneratedText free = one(PROMPT, "{\"max_new_tokens\": 12}");
    long end = free.tokens().get(4).id();
    GeneratedText ended =
        one(PROMPT, "{\"max_new_tokens\": 12, \"eos_token_id\": %d}".formatted(end));
    assertThat(ended.finishReason()).isEqualTo(FinishReason.STOP_TOKEN);
    assertThat(ended.tokens()).hasSizeLessThanOrEqualTo(5);
    assertThat(free.text()).startsWith(ended.text());
    String stop = free.text().substring(2, 4);
    GeneratedText stopped =
        one(
            PROMPT,
            "{\"max_new_tokens\": 12, \"stop\": [%s]}"
                .formatted(new tools.jackson.databind.json.JsonMapper().writeValueAsString(stop)));
    assertThat(stopped.finishReason()).isEqualTo(FinishReason.STOP_STRING);
    assertThat(stopped.text())
        .isEqualTo(free.text().substring(0, free.text().indexOf(stop) + stop.length()));
  }

  @Test
  void aSeedMakesTheSameTexts() throws Exception {
    String parameters =
        "{\"max_new_tokens\": 8, \"do_sample\": true, \"seed\": %d, \"num_return_sequences\": 3}";
    List<GeneratedText> texts =
        generation.generate(List.of(PROMPT), fields(parameters.formatted(7))).getFirst();
    assertThat(texts).hasSize(3);
    assertThat(texts.stream().map(GeneratedText::tokens).distinct()).hasSize(3);
    assertThat(texts.getFirst().seed()).hasValue(7);
    assertThat(generation.generate(List.of("hello", PROMPT), fields(parameters.formatted(7))))
        .element(1)
        .isEqualTo(texts);
    assertThat(generation.generate(List.of(PROMPT), fields(parameters.formatted(8))).getFirst())
        .isNotEqualTo(texts);
  }

  @Test
  void theBestOfSeveralComesFirst() throws Exception {
    List<GeneratedText> texts =
        generation
            .generate(
                List.of(PROMPT), fields("{\"max_new_tokens\": 8, \"best_of\": 4, \"seed\": 1}"))
            .getFirst();
    assertThat(texts).hasSize(4);
    double[] means = texts.stream().mapToDouble(GeneratedText::meanLogProbability).toArray();
    assertThat(means).isSortedAccordingTo((a, b) -> Double.compare(b, a));
  }

  @Test
  void searchesWithBeams() throws Exception {
    List<GeneratedText> texts =
        generation
            .generate(
                List.of(PROMPT),
                fields("{\"max_new_tokens\": 8, \"num_beams\": 3, \"num_return_sequences\": 2}"))
            .getFirst();
    assertThat(texts).hasSize(2);
    assertThat(texts.get(0).tokens()).isNotEqualTo(texts.get(1).tokens());
  }

  @Test
  void truncateKeepsThePromptsEnd() throws Exception {
    GeneratedText cut =
        one(PROMPT, "{\"max_new_tokens\": 5, \"truncate\": 3, \"decoder_input_details\": true}");
    assertThat(cut.prompt()).hasSize(3);
    assertThat(PROMPT)
        .endsWith(cut.prompt().stream().map(GeneratedToken::text).collect(Collectors.joining()));
  }

  @Test
  void fillsTheModelsPositionsWhereTheCallerSetsNoLimit() throws Exception {
    GeneratedText text = one(PROMPT, "{\"decoder_input_details\": true, \"eos_token_id\": 299}");
    assertThat(text.prompt().size() + text.tokens().size()).isLessThanOrEqualTo(64);
    assertThat(one("", "{\"max_new_tokens\": 2}").tokens()).hasSize(2);
  }

  @Test
  void aCheckpointsOwnSettingsForTheTaskApply(@TempDir Path directory) throws Exception {
    Path copy =
        GoldenCase.copy(GoldenCase.checkpoint("generation/llama"), directory.resolve("copy"));
    GoldenCase.configure(
        copy,
        "task_specific_params",
        """
        {"text-generation": {"do_sample": true, "max_length": 20, "prefix": "please "}}
        """);
    try (TextGeneration model = TextGeneration.load(copy, executor, Precision.FLOAT32)) {
      ModelConfig told = fields("{\"decoder_input_details\": true, \"eos_token_id\": 299}");
      GeneratedText text = model.generate(List.of("refund my order"), told).getFirst().getFirst();
      assertThat(text.prompt().stream().map(GeneratedToken::text).collect(Collectors.joining()))
          .isEqualTo(PROMPT);
      assertThat(text.prompt().size() + text.tokens().size()).isLessThanOrEqualTo(20);
      assertThat(text.seed()).isPresent();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.generate(List.of(PROMPT.repeat(2)), fields("{}")))
          .withMessageContaining("set max_new_tokens");
    }
  }

  @Test
  void refusesByNameWhatItCannotDo() {
    assertRefused("{\"watermark\": true}", "watermark");
    assertRefused("{\"grammar\": {}}", "grammar");
    assertRefused("{\"adapter_id\": \"x\"}", "adapter_id");
    assertRefused("{\"max_new_tokens\": 60}", "60 new ones, but the model has 64 positions");
    assertRefused("{\"max_new_tokens\": \"x\"}", "max_new_tokens");
    assertRefused("{\"num_return_sequences\": 2}", "all the same");
    assertRefused("{\"num_return_sequences\": 3, \"num_beams\": 2}", "at most num_beams, 2");
    assertRefused("{\"best_of\": 0}", "best_of is 0");
    assertRefused("{\"top_p\": 2.0}", "topP is 2.0");
    assertRefused("{\"truncate\": 0}", "truncate is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> generation.stream(PROMPT, fields("{\"best_of\": 2}"), (token, text) -> true))
        .withMessageContaining("best_of");
  }

  private static void assertRefused(String parameters, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> one(PROMPT, parameters))
        .withMessageContaining(message);
  }
}
