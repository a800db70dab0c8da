package io.slipway.benchmarks.tuning;

import io.slipway.benchmarks.checkpoint.FreshCheckpoint;
import io.slipway.benchmarks.checkpoint.Vocabulary;
import io.slipway.benchmarks.tuning.DataFolder.DataFiles;
import io.slipway.benchmarks.tuning.Plan.ReferenceRows;
import io.slipway.modelfiles.tokenizer.TextTokenizer;
import io.slipway.models.training.Validation;
import io.slipway.models.training.language.ChrF;
import io.slipway.models.training.language.Rouge;
import io.slipway.models.training.language.TextPair;
import io.slipway.models.training.language.TextToTextGoal;
import io.slipway.models.training.language.TextToTextGoal.Writing;
import io.slipway.models.training.language.WritingTally;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Texts that are turned into others. */
final class PairTrials {

  private static final long SEED = 7;

  private PairTrials() {}

  /**
   * What such a task looks like.
   *
   * @param metric of the texts that are written
   * @param baseline what is written without a model
   * @param vocabulary pieces of words at most
   * @param lowerCase whether texts are read and written in lower case
   * @param copying whether the model begins with copying its source
   */
  private record Form(
      Writing writing,
      String metric,
      String baseline,
      int maxSource,
      int maxTarget,
      int vocabulary,
      boolean lowerCase,
      boolean copying) {

    WritingTally tally() {
      return switch (writing) {
        case SUMMARIZATION -> new Rouge();
        case TRANSLATION -> new ChrF();
      };
    }
  }

  static Plan<TextPair> multi30k(DataFiles files, Path checkpoint, Budget budget)
      throws IOException {
    DataRows<TextPair> rows =
        DataRows.read(
            files,
            row -> new TextPair(DataRows.column(row, "en"), DataRows.column(row, "de")),
            TextPair::source);
    Form form =
        new Form(Writing.TRANSLATION, "chrf", "the source itself", 48, 48, 5000, false, false);
    DataRows<TextPair> taken = budget.of(rows);
    return plan(
        form, taken, Optional.empty(), Lesson.tuning(taken, budget), checkpoint, Baselines::whole);
  }

  static Plan<TextPair> agNews(DataFiles files, Path checkpoint, Budget budget) throws IOException {
    DataRows<TextPair> rows =
        budget.of(
            DataRows.read(
                files,
                row ->
                    new TextPair(
                        DataRows.column(row, "description"), DataRows.column(row, "title")),
                TextPair::source));
    // ROUGE does not see the case of letters.
    Form form =
        new Form(
            Writing.SUMMARIZATION, "rougeL", "the text's first words", 40, 24, 8000, true, true);
    ExtractedHeadlines headlines = ExtractedHeadlines.of(rows.train(), SEED);
    return plan(
        form,
        rows,
        Lesson.pretraining(budget, headlines::pairs),
        Lesson.rehearsing(rows, headlines.pairs(rows.train().size() / 2), budget),
        checkpoint,
        Baselines::lead);
  }

  private static Plan<TextPair> plan(
      Form form,
      DataRows<TextPair> rows,
      Optional<Lesson<TextPair>> pretraining,
      Lesson<TextPair> tuning,
      Path checkpoint,
      Baselines.Writer writer)
      throws IOException {
    List<String> texts =
        rows.train().stream().flatMap(pair -> Stream.of(pair.source(), pair.target())).toList();
    int positions = Math.max(form.maxSource(), form.maxTarget()) + 1;
    FreshCheckpoint.textToText(
        checkpoint,
        Vocabulary.of(texts, form.vocabulary(), form.lowerCase()),
        positions,
        form.copying(),
        SEED);
    double unigrams = unigrams(rows, checkpoint, form.maxTarget());
    double written =
        Objects.requireNonNull(
            Baselines.written(rows, writer, form.tally()).metrics().get(form.metric()));
    List<TextPair> exchanged = exchanged(rows.heldOut());
    return new Plan<>(
        new TextToTextGoal(form.writing(), "", form.maxSource(), form.maxTarget(), true),
        pretraining,
        tuning,
        rows.heldOut(),
        model -> {
          Validation learned = model.validate(rows.heldOut());
          double perplexity = learned.metric("perplexity");
          return List.of(
              Score.perplexity(perplexity, "frequencies of tokens", unigrams),
              Score.perplexity(
                  perplexity,
                  "given another row's source",
                  model.validate(exchanged).metric("perplexity")),
              Score.required(
                  form.metric(), learned.metric(form.metric()), form.baseline(), written));
        },
        new ReferenceRows<>(
            "text-to-text",
            Map.of("max_length", form.maxSource(), "max_target", form.maxTarget()),
            pair ->
                new JsonMapper()
                    .createObjectNode()
                    .put("source", pair.source())
                    .put("target", pair.target())));
  }

  private static double unigrams(DataRows<TextPair> rows, Path checkpoint, int maxTarget)
      throws IOException {
    try (TextTokenizer tokenizer = TextTokenizer.open(checkpoint, maxTarget)) {
      return Baselines.unigramPerplexity(
          rows.train().stream().map(pair -> tokenizer.encodeTarget(pair.target()).ids()).toList(),
          rows.heldOut().stream().map(pair -> tokenizer.encodeTarget(pair.target()).ids()).toList(),
          tokenizer.vocabularySize());
    }
  }

  /** Each target with the source of the row before. */
  static List<TextPair> exchanged(List<TextPair> rows) {
    List<TextPair> others = new ArrayList<>(rows);
    Collections.rotate(others, 1);
    List<TextPair> exchanged = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      exchanged.add(new TextPair(others.get(i).source(), rows.get(i).target()));
    }
    return exchanged;
  }
}
