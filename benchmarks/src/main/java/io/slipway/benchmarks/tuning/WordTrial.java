package io.slipway.benchmarks.tuning;

import io.slipway.benchmarks.checkpoint.FreshCheckpoint;
import io.slipway.benchmarks.checkpoint.Vocabulary;
import io.slipway.benchmarks.tuning.DataFolder.DataFiles;
import io.slipway.benchmarks.tuning.Plan.ReferenceRows;
import io.slipway.datasets.Row;
import io.slipway.models.training.Validation;
import io.slipway.models.training.words.LabelledWords;
import io.slipway.models.training.words.TokenClassificationGoal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Words that are labelled. */
final class WordTrial {

  private static final int VOCABULARY = 5000;
  private static final int MAX_LENGTH = 96;
  private static final long SEED = 7;
  private static final JsonMapper JSON = new JsonMapper();

  private WordTrial() {}

  /** Words and their labels by name. */
  record NamedWords(List<String> words, List<String> labels) {}

  static Plan<LabelledWords> plan(DataFiles files, Path checkpoint, Budget budget)
      throws IOException {
    DataRows<NamedWords> named = DataRows.read(files, WordTrial::parse, NamedWords::words);
    List<String> labels =
        Stream.concat(named.train().stream(), named.heldOut().stream())
            .flatMap(row -> row.labels().stream())
            .distinct()
            .sorted()
            .toList();
    DataRows<NamedWords> taken = budget.of(named);
    DataRows<LabelledWords> rows =
        new DataRows<>(labelled(taken.train(), labels), labelled(taken.heldOut(), labels));
    List<String> texts = rows.train().stream().map(row -> String.join(" ", row.words())).toList();
    FreshCheckpoint.wordClassifier(
        checkpoint, Vocabulary.of(texts, VOCABULARY, false), labels, MAX_LENGTH, SEED);
    Validation frequent = Baselines.mostFrequentTag(rows, labels);
    Validation remembered = Baselines.rememberedTags(rows, labels);
    return new Plan<>(
        new TokenClassificationGoal(labels, MAX_LENGTH, false),
        Optional.empty(),
        Lesson.tuning(rows, budget),
        rows.heldOut(),
        model -> {
          Validation learned = model.validate(rows.heldOut());
          return List.of(
              score(true, "f1", learned, "most frequent tag", frequent),
              score(false, "f1", learned, "each word's tag in training", remembered),
              score(false, "accuracy", learned, "most frequent tag", frequent));
        },
        new ReferenceRows<>(
            "token-classification", Map.of("max_length", MAX_LENGTH), WordTrial::json));
  }

  private static Score score(
      boolean required, String metric, Validation learned, String name, Validation baseline) {
    double value = learned.metric(metric);
    double of = baseline.metric(metric);
    return required
        ? Score.required(metric, value, name, of)
        : Score.shown(metric, value, name, of);
  }

  static NamedWords parse(Row row) {
    return new NamedWords(strings(row, "tokens"), strings(row, "ner_tags"));
  }

  private static List<String> strings(Row row, String column) {
    return JSON.readTree(DataRows.column(row, column))
        .valueStream()
        .map(element -> element.asString())
        .toList();
  }

  private static List<LabelledWords> labelled(List<NamedWords> rows, List<String> labels) {
    return rows.stream()
        .filter(row -> !row.words().isEmpty())
        .map(
            row ->
                new LabelledWords(row.words(), row.labels().stream().map(labels::indexOf).toList()))
        .toList();
  }

  private static ObjectNode json(LabelledWords row) {
    ObjectNode json = JSON.createObjectNode();
    row.words().forEach(json.putArray("words")::add);
    row.labels().forEach(json.putArray("labels")::add);
    return json;
  }
}
