package io.slipway.benchmarks.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.benchmarks.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuningCommandTests {

  @TempDir private Path folder;

  @Test
  void aSmallModelLearnsWordsThatTellTheLabel() throws IOException {
    StringBuilder rows = new StringBuilder("sentence\tlabel\n");
    for (int i = 0; i < 300; i++) {
      rows.append(i % 2 == 0 ? "a fine film number " : "a dull film number ")
          .append(i)
          .append('\t')
          .append((i + 1) % 2)
          .append('\n');
    }
    Files.writeString(folder.resolve("sst2.train.tsv"), rows);

    Execution run =
        Execution.of(
            "bench",
            "tuning",
            folder.toString(),
            "--only",
            "sst2",
            "--budget",
            "0.3",
            "--threads",
            "1",
            "--json");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("\"trial\":\"sst2\"", "\"holds\":true", "\"beats_baseline\":true");
  }

  @Test
  void aModelThatFindsAnswersIsPretrainedOnQuestionsMadeOfTheTexts() throws IOException {
    String row =
        """
        {"question": "Who ate apple %d?", "context": "In Rome, Ada ate apple %d with her friend Bob. Later they saw a film.", "answers": {"text": ["Ada"], "answer_start": [9]}}
        """;
    Files.writeString(
        folder.resolve("xquad.train.jsonl"),
        IntStream.range(0, 40).mapToObj(i -> row.formatted(i, i)).collect(Collectors.joining()));

    Execution run =
        Execution.of(
            "bench", "tuning", folder.toString(), "--only", "xquad", "--budget", "0.01", "--json");

    assertThat(run.out())
        .contains("\"trial\":\"xquad\"", "\"pretraining\":{\"steps\":", "\"metric\":\"f1\"");
  }

  @Test
  void aDatasetThatIsMissingOrBrokenIsSaidPlainly() throws IOException {
    Execution missing = Execution.of("bench", "tuning", folder.toString(), "--only", "digits");
    Files.writeString(folder.resolve("multi30k.train.jsonl"), "{\"en\": \"a man\"}\n");
    Execution broken = Execution.of("bench", "tuning", folder.toString(), "--only", "multi30k");

    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.err()).contains("digits", folder.toString());
    assertThat(broken.exitCode()).isEqualTo(1);
    assertThat(broken.out()).contains("multi30k", "\"de\"");
  }

  @Test
  void trialsAndNumbersThatThereAreNotAreRefused() {
    Execution trial = Execution.of("bench", "tuning", folder.toString(), "--only", "imagenet");
    Execution budget = Execution.of("bench", "tuning", folder.toString(), "--budget", "0");
    Execution nowhere = Execution.of("bench", "tuning", folder.resolve("nowhere").toString());

    assertThat(trial.exitCode()).isEqualTo(2);
    assertThat(trial.err()).contains("imagenet", "ag-news-headlines");
    assertThat(budget.exitCode()).isEqualTo(2);
    assertThat(nowhere.exitCode()).isEqualTo(2);
    assertThat(nowhere.err()).contains("nowhere");
  }

  @Test
  void aResultFailsWhereALossRoseABaselineIsBetterOrTheReferenceIsFar() {
    Score worse = Score.perplexity(30, "frequencies of bytes", 20);
    Score shown = Score.shown("rougeL", 0.1, "the text's first words", 0.2);

    TrialResult bad =
        new TrialResult(
            Trial.TINY_SHAKESPEARE,
            1,
            1,
            Optional.of(new LossCurve(List.of(1.0, 2.0))),
            new LossCurve(List.of(1.0, 1.0, 1.0, 1.0, 1.0, 2.0)),
            List.of(worse, shown),
            1,
            OptionalDouble.of(0.01));
    TrialResult good =
        new TrialResult(
            Trial.AG_NEWS_HEADLINES,
            1,
            1,
            Optional.empty(),
            new LossCurve(List.of(2.0, 2.0, 2.0, 2.0, 2.0, 1.0)),
            List.of(shown),
            1,
            OptionalDouble.of(1e-5));

    assertThat(bad.failures()).hasSize(4).first().asString().contains("pretraining");
    assertThat(good.failures()).isEmpty();
    assertThat(good.remarks()).singleElement().asString().contains("rougeL", "not required");
  }
}
