package io.slipway.models.task.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.models.OnCpu;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.task.TaskCalls;
import io.slipway.models.task.TaskCalls.Call;
import io.slipway.models.task.tokens.TokenClassification.Options;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TokenClassificationTests {

  @OnCpu private static ComputeExecutor executor;

  private static TokenClassification load(TaskCalls golden) throws Exception {
    return TokenClassification.load(golden.directory(), executor, Precision.FLOAT32);
  }

  private static Options options(Call call) {
    return new Options(
        AggregationStrategy.valueOf(
            call.string("aggregation_strategy").orElse("none").toUpperCase(Locale.ROOT)),
        call.strings("ignore_labels").orElse(List.of("O")),
        call.integer("stride"));
  }

  private static void assertSame(Call call, List<Entity> actual, JsonNode expected) {
    assertThat(actual).as("%s", call).hasSize(expected.size());
    for (int i = 0; i < actual.size(); i++) {
      Entity entity = actual.get(i);
      JsonNode wanted = expected.get(i);
      boolean group = wanted.has("entity_group");
      assertThat(entity.label())
          .as("%s", call)
          .isEqualTo(wanted.get(group ? "entity_group" : "entity").asString());
      assertThat(entity.word()).as("%s", call).isEqualTo(wanted.get("word").asString());
      assertThat(entity.start()).as("%s", call).isEqualTo(wanted.get("start").asInt());
      assertThat(entity.end()).as("%s", call).isEqualTo(wanted.get("end").asInt());
      assertThat(entity.index())
          .isEqualTo(group ? OptionalInt.empty() : OptionalInt.of(wanted.get("index").asInt()));
      TaskCalls.assertScore(call, entity.score(), wanted.get("score"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tokens-bert", "tokens-xlm-roberta"})
  void findsTheEntitiesOfTheReference(String name) throws Exception {
    TaskCalls golden = TaskCalls.named(name);
    try (TokenClassification model = load(golden)) {
      for (Call call : golden.calls()) {
        assertSame(
            call,
            model.predict(TaskCalls.texts(call.inputs()), options(call)).getFirst(),
            call.result());
      }
    }
  }

  @Test
  void textsOfUnequalLengthAnswerAsAlone() throws Exception {
    TaskCalls golden = TaskCalls.named("tokens-bert");
    try (TokenClassification model = load(golden)) {
      List<Call> calls =
          golden.calls().stream()
              .filter(call -> call.string("aggregation_strategy").equals(Optional.of("max")))
              .toList();
      Options windows = new Options(AggregationStrategy.MAX, List.of("O"), OptionalInt.of(7));
      List<String> texts = calls.stream().map(call -> call.inputs().asString()).toList();
      List<List<Entity>> together = model.predict(texts, windows);
      for (int i = 0; i < calls.size(); i++) {
        if (calls.get(i).integer("stride").orElse(7) == 7) {
          assertSame(calls.get(i), together.get(i), calls.get(i).result());
        }
      }
      assertThat(model.predict(List.of(), Options.DEFAULT)).isEmpty();
    }
  }

  @Test
  void countsCharactersAsCodePoints() throws Exception {
    try (TokenClassification model = load(TaskCalls.named("tokens-bert"))) {
      List<Entity> plain =
          model
              .predict(
                  List.of("😀 London"),
                  new Options(AggregationStrategy.NONE, List.of(), OptionalInt.empty()))
              .getFirst();
      assertThat(plain.getFirst().word()).isEqualTo("😀");
      assertThat(plain.get(1).start()).isEqualTo(2);
      assertThat(plain.getLast().end()).isEqualTo(8);
    }
  }

  @Test
  void refusesStridesThatCannotBe() throws Exception {
    assertThatThrownBy(() -> new Options(AggregationStrategy.NONE, List.of("O"), OptionalInt.of(3)))
        .hasMessageContaining("aggregation_strategy");
    assertThatThrownBy(
            () -> new Options(AggregationStrategy.SIMPLE, List.of("O"), OptionalInt.of(-1)))
        .hasMessageContaining("stride is -1");
    try (TokenClassification model = load(TaskCalls.named("tokens-bert"))) {
      Options options = new Options(AggregationStrategy.SIMPLE, List.of("O"), OptionalInt.of(60));
      assertThatThrownBy(() -> model.predict(List.of("London ".repeat(60)), options))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a stride of 60");
    }
  }
}
