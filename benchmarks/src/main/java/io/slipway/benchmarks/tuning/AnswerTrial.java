package io.slipway.benchmarks.tuning;

import io.slipway.benchmarks.checkpoint.FreshCheckpoint;
import io.slipway.benchmarks.checkpoint.Vocabulary;
import io.slipway.benchmarks.tuning.DataFolder.DataFiles;
import io.slipway.benchmarks.tuning.Plan.Budget;
import io.slipway.datasets.Row;
import io.slipway.models.training.answers.AnsweredQuestion;
import io.slipway.models.training.answers.AnsweredQuestion.Answer;
import io.slipway.models.training.answers.QuestionAnsweringGoal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Questions about texts, in SQuAD's layout. */
final class AnswerTrial {

  private static final int VOCABULARY = 3000;
  private static final int MAX_LENGTH = 256;
  private static final int STRIDE = 64;
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
    double fixedPlace = Baselines.fixedPlace(rows);
    return new Plan<>(
        new QuestionAnsweringGoal(MAX_LENGTH, STRIDE, MAX_ANSWER_LENGTH),
        rows,
        budget.settings(rows.train().size()),
        model ->
            List.of(
                Score.required(
                    "f1",
                    model.validate(rows.heldOut()).metric("f1"),
                    "best fixed place in a text",
                    fixedPlace)),
        Optional.empty());
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
