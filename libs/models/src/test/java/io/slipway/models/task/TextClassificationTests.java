package io.slipway.models.task;

import static io.slipway.models.Logits.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.GoldenCase;
import io.slipway.models.OnCpu;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.task.TaskCalls.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TextClassificationTests {

  @OnCpu private static ComputeExecutor executor;

  private static TextClassification load(Path checkpoint) throws IOException, InterruptedException {
    return TextClassification.load(checkpoint, executor, Precision.FLOAT32);
  }

  @ParameterizedTest
  @ValueSource(strings = {"single-label", "multi-label", "relu-one-type"})
  void tokenIdsAreTheReferences(String name) throws Exception {
    GoldenCase golden = GoldenCase.named(name);
    try (TextClassification model = load(golden.directory())) {
      List<List<Long>> ids =
          golden.texts().stream()
              .map(text -> LongStream.of(model.tokenize(text).ids()).boxed().toList())
              .toList();
      assertThat(ids).isEqualTo(golden.ids());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"single-label", "multi-label", "relu-one-type"})
  void logitsAreTheReferences(String name) throws Exception {
    GoldenCase golden = GoldenCase.named(name);
    try (TextClassification model = load(golden.directory())) {
      float[][] logits = model.logits(golden.texts().stream().map(model::tokenize).toList());
      assertClose(logits, golden.logits(), 1e-5f);
    }
  }

  @Test
  void aBatchOfUnequalLengthsAnswersAsItsTextsAlone() throws Exception {
    GoldenCase golden = GoldenCase.named("single-label");
    try (TextClassification model = load(golden.directory())) {
      List<TokenizedText> texts = golden.texts().stream().map(model::tokenize).toList();
      float[][] alone = new float[texts.size()][];
      for (int i = 0; i < alone.length; i++) {
        alone[i] = model.logits(List.of(texts.get(i)))[0];
      }
      assertClose(model.logits(texts), alone, 1e-5f);
    }
  }

  @Test
  void halfPrecisionComesCloseToTheReference() throws Exception {
    GoldenCase golden = GoldenCase.named("single-label");
    try (TextClassification model =
        TextClassification.load(golden.directory(), executor, Precision.BFLOAT16)) {
      assertClose(
          model.logits(golden.texts().stream().map(model::tokenize).toList()),
          golden.logits(),
          0.1f);
    }
  }

  @Test
  void singleLabelScoresAreASoftmaxByFallingScore() throws Exception {
    GoldenCase golden = GoldenCase.named("single-label");
    try (TextClassification model = load(golden.directory())) {
      List<List<LabelScore>> all = model.predict(golden.texts(), Optional.empty(), 0);
      assertThat(all).hasSize(golden.texts().size());
      for (List<LabelScore> scores : all) {
        assertThat(scores.stream().mapToDouble(LabelScore::score).sum()).isCloseTo(1, offset(1e-9));
        assertThat(scores)
            .hasSize(5)
            .isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
      }
      assertThat(all.getFirst().getFirst().label()).isEqualTo("account");
      assertThat(model.predict(golden.texts(), Optional.empty(), 2))
          .allMatch(row -> row.size() == 2);
    }
  }

  @Test
  void multiLabelScoresStandForThemselves() throws Exception {
    GoldenCase golden = GoldenCase.named("multi-label");
    try (TextClassification model = load(golden.directory())) {
      float logit = golden.logits()[0][0];
      List<LabelScore> scores =
          model.predict(List.of(golden.texts().getFirst()), Optional.empty(), 0).getFirst();
      LabelScore urgent =
          scores.stream().filter(score -> score.label().equals("urgent")).findFirst().orElseThrow();
      assertThat(urgent.score()).isCloseTo(1 / (1 + Math.exp(-logit)), offset(1e-5));
    }
  }

  @Test
  void resultsKeepTheOrderOfManyTextsOfAllLengths() throws Exception {
    GoldenCase golden = GoldenCase.named("single-label");
    try (TextClassification model = load(golden.directory())) {
      List<String> texts =
          IntStream.range(0, 100).mapToObj(i -> golden.texts().get(i % 5)).toList();
      List<List<LabelScore>> results = model.predict(texts, Optional.of(ScoreFunction.NONE), 0);
      for (int i = 0; i < results.size(); i++) {
        float[] expected = golden.logits()[i % 5];
        for (LabelScore score : results.get(i)) {
          assertThat(score.score())
              .isCloseTo(expected[model.labels().indexOf(score.label())], offset(1e-4));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"labels-bert", "labels-multi", "labels-regression", "labels-one"})
  void labelsTextsAndPairsAsTheReference(String name) throws Exception {
    TaskCalls golden = TaskCalls.named(name);
    try (TextClassification model = load(golden.directory())) {
      for (Call call : golden.calls()) {
        Optional<ScoreFunction> function =
            call.string("function_to_apply")
                .map(text -> ScoreFunction.valueOf(text.toUpperCase(Locale.ROOT)));
        int topK = call.integer("top_k").orElse(0);
        List<LabelScore> scores =
            call.inputs().isString()
                ? model.predict(TaskCalls.texts(call.inputs()), function, topK).getFirst()
                : model
                    .predictPairs(
                        List.of(
                            new TextClassification.Pair(
                                call.inputs().get("text").asString(),
                                call.inputs().get("text_pair").asString())),
                        function,
                        topK)
                    .getFirst();
        assertThat(scores).as("%s", call).hasSize(call.result().size());
        for (int i = 0; i < scores.size(); i++) {
          JsonNode expected = call.result().get(i);
          assertThat(scores.get(i).label()).isEqualTo(expected.get("label").asString());
          TaskCalls.assertScore(call, scores.get(i).score(), expected.get("score"));
        }
      }
    }
  }

  @Test
  void refusesANegativeTopK() throws Exception {
    try (TextClassification model = load(GoldenCase.checkpoint("single-label"))) {
      assertThatThrownBy(() -> model.predict(List.of("hello"), Optional.empty(), -1))
          .hasMessageContaining("top_k is -1");
    }
  }

  @Test
  void refusesToServeACheckpointWithoutAHead() {
    assertThatThrownBy(() -> load(GoldenCase.checkpoint("base-model")))
        .isInstanceOfSatisfying(
            ModelFilesException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED_ARCHITECTURE))
        .hasMessageContaining("BertModel has no head for text-classification");
  }

  @Test
  void refusesATokenizerThatDoesNotFitTheVocabulary(@TempDir Path temp) throws Exception {
    Path copy = GoldenCase.copy(GoldenCase.checkpoint("single-label"), temp.resolve("model"));
    Path tokenizer = copy.resolve("tokenizer.json");
    String json = Files.readString(tokenizer);
    Files.writeString(tokenizer, json.replaceAll("\"hello\": *\\d+", "\"hello\": 4711"));
    try (TextClassification model = load(copy)) {
      assertThatThrownBy(() -> model.predict(List.of("hello"), Optional.empty(), 0))
          .hasMessageContaining("token id 4711")
          .hasMessageContaining("vocabulary has 104");
    }
  }
}
