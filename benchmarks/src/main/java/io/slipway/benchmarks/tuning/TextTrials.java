package io.slipway.benchmarks.tuning;

import io.slipway.benchmarks.checkpoint.FreshCheckpoint;
import io.slipway.benchmarks.checkpoint.Vocabulary;
import io.slipway.benchmarks.tuning.DataFolder.DataFiles;
import io.slipway.benchmarks.tuning.Plan.ReferenceRows;
import io.slipway.datasets.Row;
import io.slipway.modelfiles.tokenizer.TextTokenizer;
import io.slipway.modelfiles.tokenizer.TruncationSide;
import io.slipway.models.training.classification.LabelledText;
import io.slipway.models.training.classification.TextClassificationGoal;
import io.slipway.models.training.language.LearnedText;
import io.slipway.models.training.language.TextGenerationGoal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/** Texts that are labelled, and texts that are continued. */
final class TextTrials {

  private static final int VOCABULARY = 4000;
  private static final int MAX_LENGTH = 64;
  private static final int CONTEXT_BYTES = 128;
  private static final int BLOCK_CHARACTERS = 1000;
  private static final long SEED = 7;

  private TextTrials() {}

  /** A text and its label by name. */
  record NamedText(String text, String label) {}

  static Plan<?> sst2(DataFiles files, Path checkpoint, Budget budget) throws IOException {
    return classify(
        files,
        checkpoint,
        budget,
        row -> new NamedText(DataRows.column(row, "sentence"), DataRows.column(row, "label")));
  }

  static Plan<?> agNews(DataFiles files, Path checkpoint, Budget budget) throws IOException {
    return classify(
        files,
        checkpoint,
        budget,
        row ->
            new NamedText(
                DataRows.column(row, "title") + " " + DataRows.column(row, "description"),
                DataRows.column(row, "topic")));
  }

  private static Plan<LabelledText> classify(
      DataFiles files, Path checkpoint, Budget budget, Function<Row, NamedText> parse)
      throws IOException {
    DataRows<NamedText> named = DataRows.read(files, parse, NamedText::text);
    List<String> labels = named.train().stream().map(NamedText::label).distinct().sorted().toList();
    DataRows<NamedText> taken = budget.of(named);
    DataRows<LabelledText> rows =
        new DataRows<>(labelled(taken.train(), labels), labelled(taken.heldOut(), labels));
    List<String> texts = rows.train().stream().map(LabelledText::text).toList();
    FreshCheckpoint.textClassifier(
        checkpoint, Vocabulary.of(texts, VOCABULARY, true), labels, MAX_LENGTH, SEED);
    double majority =
        Baselines.majority(
            rows.train().stream().map(row -> row.labels().getFirst()).toList(),
            rows.heldOut().stream().map(row -> row.labels().getFirst()).toList());
    return new Plan<>(
        new TextClassificationGoal(labels, false, MAX_LENGTH, false),
        Optional.empty(),
        Lesson.tuning(rows, budget),
        rows.heldOut(),
        model ->
            List.of(Score.accuracy(model.validate(rows.heldOut()).metric("accuracy"), majority)),
        new ReferenceRows<>(
            "text-classification",
            Map.of("max_length", MAX_LENGTH),
            row ->
                new JsonMapper()
                    .createObjectNode()
                    .put("text", row.text())
                    .put("label", row.labels().getFirst())));
  }

  private static List<LabelledText> labelled(List<NamedText> rows, List<String> labels) {
    return rows.stream()
        .map(row -> LabelledText.of(row.text(), labels.indexOf(row.label())))
        .toList();
  }

  static Plan<?> continued(DataFiles files, Path checkpoint, Budget budget) throws IOException {
    List<LearnedText> train = blocks(Files.readString(files.train()));
    List<LearnedText> heldOut;
    if (files.heldOut().isPresent()) {
      heldOut = blocks(Files.readString(files.heldOut().get()));
    } else {
      int kept = train.size() * 9 / 10;
      heldOut = train.subList(kept, train.size());
      train = train.subList(0, kept);
    }
    int blocks = Math.ceilDiv(budget.tuning().rows() * CONTEXT_BYTES, BLOCK_CHARACTERS);
    DataRows<LearnedText> rows =
        new DataRows<>(train, heldOut).limit(blocks, budget.heldOut() * CONTEXT_BYTES / 1000);
    FreshCheckpoint.decoder(checkpoint, CONTEXT_BYTES, SEED);
    double unigrams;
    int bytes;
    try (TextTokenizer tokenizer = TextTokenizer.open(checkpoint, Integer.MAX_VALUE)) {
      Function<LearnedText, long[]> ids =
          row -> tokenizer.encode(row.text(), true, Integer.MAX_VALUE, TruncationSide.RIGHT).ids();
      List<long[]> trained = rows.train().stream().map(ids).toList();
      bytes = trained.stream().mapToInt(text -> text.length).sum();
      unigrams =
          Baselines.unigramPerplexity(
              trained, rows.heldOut().stream().map(ids).toList(), tokenizer.vocabularySize());
    }
    return new Plan<>(
        new TextGenerationGoal(CONTEXT_BYTES, true, false),
        Optional.empty(),
        new Lesson<>(rows.train(), budget.tuning().settings(Math.ceilDiv(bytes, CONTEXT_BYTES))),
        rows.heldOut(),
        model ->
            List.of(
                Score.perplexity(
                    model.validate(rows.heldOut()).metric("perplexity"),
                    "frequencies of bytes",
                    unigrams)),
        new ReferenceRows<>(
            "text-generation",
            Map.of("max_length", CONTEXT_BYTES),
            row -> new JsonMapper().createObjectNode().put("text", row.text())));
  }

  /** Cuts a text, which may be long, at line ends. */
  static List<LearnedText> blocks(String text) {
    List<LearnedText> blocks = new ArrayList<>();
    for (int from = 0; from < text.length(); ) {
      int end = text.indexOf('\n', Math.min(text.length(), from + BLOCK_CHARACTERS));
      int to = end < 0 ? text.length() : end + 1;
      blocks.add(LearnedText.of(text.substring(from, to)));
      from = to;
    }
    return blocks;
  }
}
