package io.slipway.models.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.models.GoldenCase;
import io.slipway.models.OnCpu;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.task.FillMask.Filling;
import io.slipway.models.task.FillMask.Options;
import io.slipway.models.task.TaskCalls.Call;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class FillMaskTests {

  @OnCpu private static ComputeExecutor executor;

  private static FillMask load(Path directory) throws Exception {
    return FillMask.load(directory, executor, Precision.FLOAT32);
  }

  private static Options options(Call call) {
    return new Options(call.integer("top_k").orElse(5), call.strings("targets").orElse(List.of()));
  }

  private static void assertSame(Call call, List<Filling> actual, JsonNode expected) {
    assertThat(actual).as("%s", call).hasSize(expected.size());
    for (int i = 0; i < actual.size(); i++) {
      JsonNode filling = expected.get(i);
      assertThat(actual.get(i).token()).as("%s", call).isEqualTo(filling.get("token").asLong());
      assertThat(actual.get(i).tokenStr()).isEqualTo(filling.get("token_str").asString());
      assertThat(actual.get(i).sequence()).isEqualTo(filling.get("sequence").asString());
      TaskCalls.assertScore(call, actual.get(i).score(), filling.get("score"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fill-mask-bert", "fill-mask-roberta"})
  void fillsMasksAsTheReference(String name) throws Exception {
    TaskCalls golden = TaskCalls.named(name);
    try (FillMask model = load(golden.directory())) {
      for (Call call : golden.calls()) {
        List<List<Filling>> masks =
            model.predict(TaskCalls.texts(call.inputs()), options(call)).getFirst();
        boolean several = call.result().get(0).isArray();
        assertThat(masks).hasSize(several ? call.result().size() : 1);
        for (int i = 0; i < masks.size(); i++) {
          assertSame(call, masks.get(i), several ? call.result().get(i) : call.result());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fill-mask-bert", "fill-mask-roberta"})
  void textsOfUnequalLengthAnswerAsAlone(String name) throws Exception {
    TaskCalls golden = TaskCalls.named(name);
    try (FillMask model = load(golden.directory())) {
      List<String> texts =
          golden.calls().stream()
              .filter(call -> call.parameters().isEmpty())
              .map(call -> call.inputs().asString())
              .toList();
      List<List<List<Filling>>> together = model.predict(texts, new Options(3, List.of()));
      for (int i = 0; i < texts.size(); i++) {
        List<List<Filling>> alone =
            model.predict(List.of(texts.get(i)), new Options(3, List.of())).getFirst();
        assertThat(together.get(i))
            .usingRecursiveComparison()
            .withComparatorForType(
                (a, b) -> Math.abs(a - b) < 1e-5 ? 0 : Double.compare(a, b), Double.class)
            .isEqualTo(alone);
      }
      assertThat(model.predict(List.of(), Options.DEFAULT)).isEmpty();
    }
  }

  @Test
  void refusesTextsWithoutAMaskAndTargetsThatAreNoTokens() throws Exception {
    try (FillMask model = load(TaskCalls.named("fill-mask-bert").directory())) {
      assertThat(model.maskToken()).isEqualTo("[MASK]");
      assertThatThrownBy(() -> model.predict(List.of("London"), Options.DEFAULT))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no mask token ([MASK])");
      assertThatThrownBy(
              () -> model.predict(List.of("London ".repeat(90) + "[MASK]"), Options.DEFAULT))
          .hasMessageContaining("among the first 48 tokens");
      assertThatThrownBy(
              () -> model.predict(List.of("a [MASK]"), new Options(1, List.of("", "  "))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is a token");
    }
    assertThatThrownBy(() -> new Options(0, List.of())).hasMessageContaining("top_k is 0");
  }

  @Test
  void aTokenizerWithoutAMaskIsRefused(@TempDir Path temp) throws Exception {
    Path copy =
        GoldenCase.copy(TaskCalls.named("fill-mask-bert").directory(), temp.resolve("model"));
    Path config = copy.resolve("tokenizer_config.json");
    Files.writeString(config, Files.readString(config).replace("\"mask_token\"", "\"no_token\""));
    Files.deleteIfExists(copy.resolve("special_tokens_map.json"));
    assertThatThrownBy(() -> load(copy))
        .isInstanceOfSatisfying(
            ModelFilesException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED_CONFIG))
        .hasMessageContaining("mask_token");
  }
}
