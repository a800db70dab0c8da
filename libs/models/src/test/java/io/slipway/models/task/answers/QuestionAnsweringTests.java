package io.slipway.models.task.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.models.OnCpu;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.task.TaskCalls;
import io.slipway.models.task.TaskCalls.Call;
import io.slipway.models.task.answers.QuestionAnswering.Options;
import io.slipway.models.task.answers.QuestionAnswering.Question;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class QuestionAnsweringTests {

  @OnCpu private static ComputeExecutor executor;

  private static QuestionAnswering load(TaskCalls golden) throws Exception {
    return QuestionAnswering.load(golden.directory(), executor, Precision.FLOAT32);
  }

  private static Question question(Call call) {
    return new Question(
        call.inputs().get("question").asString(), call.inputs().get("context").asString());
  }

  private static Options options(Call call) {
    return new Options(
        call.integer("top_k").orElse(1),
        call.integer("doc_stride"),
        call.integer("max_answer_len").orElse(15),
        call.integer("max_seq_len"),
        OptionalInt.empty(),
        call.flag("handle_impossible_answer", false),
        call.flag("align_to_words", true));
  }

  private static void assertSame(Call call, List<Answer> actual, JsonNode result) {
    List<JsonNode> expected = result.isArray() ? result.valueStream().toList() : List.of(result);
    assertThat(actual).as("%s", call).hasSize(expected.size());
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i).answer())
          .as("%s", call)
          .isEqualTo(expected.get(i).get("answer").asString());
      assertThat(actual.get(i).start()).isEqualTo(expected.get(i).get("start").asInt());
      assertThat(actual.get(i).end()).isEqualTo(expected.get(i).get("end").asInt());
      TaskCalls.assertScore(call, actual.get(i).score(), expected.get(i).get("score"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"answers-bert", "answers-roberta"})
  void findsTheAnswersOfTheReference(String name) throws Exception {
    TaskCalls golden = TaskCalls.named(name);
    try (QuestionAnswering model = load(golden)) {
      for (Call call : golden.calls()) {
        assertSame(
            call, model.predict(List.of(question(call)), options(call)).getFirst(), call.result());
      }
    }
  }

  @Test
  void questionsOfUnequalLengthAnswerAsAlone() throws Exception {
    TaskCalls golden = TaskCalls.named("answers-bert");
    try (QuestionAnswering model = load(golden)) {
      List<Call> calls =
          golden.calls().stream().filter(call -> call.parameters().isEmpty()).toList();
      List<List<Answer>> together =
          model.predict(
              calls.stream().map(QuestionAnsweringTests::question).toList(), Options.DEFAULT);
      for (int i = 0; i < calls.size(); i++) {
        assertSame(calls.get(i), together.get(i), calls.get(i).result());
      }
      assertThat(model.predict(List.of(), Options.DEFAULT)).isEmpty();
    }
  }

  @Test
  void aLongQuestionIsCutWhereAsked() throws Exception {
    try (QuestionAnswering model = load(TaskCalls.named("answers-bert"))) {
      String context = "Ada Lovelace met Charles Babbage in London";
      Options three =
          new Options(
              1, OptionalInt.empty(), 15, OptionalInt.empty(), OptionalInt.of(3), false, true);
      Answer cut =
          model
              .predict(List.of(new Question("in London " + "Paris ".repeat(60), context)), three)
              .getFirst()
              .getFirst();
      assertThat(cut.answer()).isNotEmpty();
      assertThat(cut.score()).isGreaterThan(0).isLessThan(1);
      assertThatThrownBy(
              () ->
                  model.predict(
                      List.of(new Question("in London " + "Paris ".repeat(60), context)),
                      Options.DEFAULT))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("leaves none of 48");
    }
  }

  @Test
  void refusesParametersThatCannotBe() {
    assertThatThrownBy(() -> Options.DEFAULT.top(0)).hasMessageContaining("top_k is 0");
    assertThatThrownBy(() -> new Question("", "context")).hasMessage("the question is empty");
    assertThatThrownBy(() -> new Question("who?", "")).hasMessage("the context is empty");
    assertThatThrownBy(
            () ->
                new Options(
                    1,
                    OptionalInt.of(20),
                    15,
                    OptionalInt.of(10),
                    OptionalInt.empty(),
                    false,
                    true))
        .hasMessageContaining("doc_stride is 20");
    assertThatThrownBy(
            () ->
                new Options(
                    1,
                    OptionalInt.of(-1),
                    15,
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    false,
                    true))
        .hasMessageContaining("doc_stride is -1");
  }
}
