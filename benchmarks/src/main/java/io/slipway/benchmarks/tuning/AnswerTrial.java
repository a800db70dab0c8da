package io.slipway.benchmarks.tuning;

import io.slipway.benchmarks.checkpoint.FreshCheckpoint;
import io.slipway.benchmarks.checkpoint.Vocabulary;
import io.slipway.benchmarks.tuning.DataFolder.DataFiles;
import io.slipway.benchmarks.tuning.Plan.ReferenceRows;
import io.slipway.datasets.Row;
import io.slipway.models.training.answers.AnsweredQuestion;
import io.slipway.models.training.answers.AnsweredQuestion.Answer;
import io.slipway.models.training.answers.QuestionAnsweringGoal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Questions about texts, in SQuAD's layout. */
final class AnswerTrial {

  private static final int VOCABULARY = 6000;
  private static final int MAX_LENGTH = 128;
  private static final int STRIDE = 48;
  private static final int MAX_ANSWER_LENGTH = 15;
  private static final long SEED = 7;
  private static final JsonMapper JSON = new JsonMapper();

  private AnswerTrial() {}

  static Plan<AnsweredQuestion> plan(DataFiles files, Path checkpoint, Budget budget)
      throws IOException {
    DataRows<AnsweredQuestion> rows =
        budget.of(
            DataRows.read(
                files, AnswerTrial::parse, row -> List.of(row.question(), row.context())));
    List<String> texts =
        rows.train().stream().flatMap(row -> Stream.of(row.question(), row.context())).toList();
    FreshCheckpoint.answerFinder(
        checkpoint, Vocabulary.of(texts, VOCABULARY, true), MAX_LENGTH, SEED);
    ClozeQuestions cloze =
        ClozeQuestions.of(
            rows.train().stream().map(AnsweredQuestion::context).distinct().toList(), SEED);
    double fixedPlace = Baselines.fixedPlace(rows);
    return new Plan<>(
        new QuestionAnsweringGoal(MAX_LENGTH, STRIDE, MAX_ANSWER_LENGTH),
        Lesson.pretraining(budget, cloze::questions),
        Lesson.tuning(rows, budget),
        rows.heldOut(),
        model ->
            List.of(
                Score.required(
                    "f1",
                    model.validate(rows.heldOut()).metric("f1"),
                    "best fixed place in a text",
                    fixedPlace)),
        new ReferenceRows<>(
            "question-answering",
            Map.of("max_length", MAX_LENGTH, "stride", STRIDE),
            AnswerTrial::json));
  }

  private static ObjectNode json(AnsweredQuestion row) {
    Answer answer = row.answers().getFirst();
    return JSON.createObjectNode()
        .put("question", row.question())
        .put("context", row.context())
        .put("answer", answer.text())
        .put("start", answer.start());
  }

  static AnsweredQuestion parse(Row row) {
    JsonNode answers = JSON.readTree(DataRows.column(row, "answers"));
    List<Answer> all = new ArrayList<>();
    for (int i = 0; i < answers.path("text").size(); i++) {
      all.add(
          new Answer(
              answers.path("text").path(i).asString(),
              answers.path("answer_start").path(i).asInt()));
    }
    return new AnsweredQuestion(
        DataRows.column(row, "question"), DataRows.column(row, "context"), all);
  }
}
