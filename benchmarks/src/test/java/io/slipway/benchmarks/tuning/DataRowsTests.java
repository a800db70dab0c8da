package io.slipway.benchmarks.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.benchmarks.tuning.DataFolder.DataFiles;
import io.slipway.benchmarks.tuning.WordTrial.NamedWords;
import io.slipway.datasets.DatasetException;
import io.slipway.models.training.answers.AnsweredQuestion.Answer;
import io.slipway.models.training.language.LearnedText;
import io.slipway.models.training.language.TextPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataRowsTests {

  @TempDir private Path folder;

  private Path file(String name, String... lines) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, String.join("\n", lines) + "\n");
  }

  @Test
  void partsAreFoundBesideEachOtherAndInFoldersOfTheirOwn() throws IOException {
    Path train = file("ag_news.train.csv", "x");
    Path dev = file("ag_news.dev.csv", "x");
    Path other = file("wnut-17/train.jsonl", "x");

    DataFolder data = new DataFolder(folder);

    assertThat(data.find("agnews")).contains(new DataFiles(train, Optional.of(dev)));
    assertThat(data.find("wnut17")).contains(new DataFiles(other, Optional.empty()));
    assertThat(data.find("sst2")).isEmpty();
  }

  @Test
  void heldOutRowsThatOccurInTrainingAreLeftOut() throws IOException {
    DataFiles files =
        new DataFiles(
            file("a.train.tsv", "sentence\tlabel", "good\t1", "bad\t0"),
            Optional.of(file("a.dev.tsv", "sentence\tlabel", "good\t1", "poor\t0")));

    DataRows<String> rows =
        DataRows.read(files, row -> DataRows.column(row, "sentence"), text -> text);

    assertThat(rows.train()).containsExactlyInAnyOrder("good", "bad");
    assertThat(rows.heldOut()).containsExactly("poor");
  }

  @Test
  void aTenthIsHeldOutWhereThereIsNoOtherFile() throws IOException {
    String lines =
        IntStream.range(0, 20)
            .mapToObj(i -> "{\"en\": \"text " + i + "\", \"de\": \"Text " + i + "\"}")
            .collect(Collectors.joining("\n"));

    DataRows<TextPair> rows =
        DataRows.read(
            new DataFiles(file("pairs.train.jsonl", lines), Optional.empty()),
            row -> new TextPair(DataRows.column(row, "en"), DataRows.column(row, "de")),
            TextPair::source);

    assertThat(rows.train()).hasSize(18);
    assertThat(rows.heldOut()).hasSize(2).doesNotContainAnyElementsOf(rows.train());
  }

  @Test
  void aColumnThatIsNotThereIsNamed() throws IOException {
    DataFiles files =
        new DataFiles(file("a.train.tsv", "text\tlabel", "good\t1"), Optional.empty());

    assertThatThrownBy(
            () -> DataRows.read(files, row -> DataRows.column(row, "sentence"), text -> text))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("sentence")
        .hasMessageContaining("label");
  }

  @Test
  void wordsAndAnswersAreReadFromNestedJson() throws IOException {
    DataFiles words =
        new DataFiles(
            file(
                "w.train.jsonl",
                "{\"tokens\": [\"in\", \"Rome\"], \"ner_tags\": [\"O\", \"B-x\"]}"),
            Optional.of(file("w.dev.jsonl", "{\"tokens\": [\"no\"], \"ner_tags\": [\"O\"]}")));
    DataFiles answers =
        new DataFiles(
            file(
                "q.train.jsonl",
                "{\"question\": \"Where?\", \"context\": \"in Rome\", \"answers\": {\"text\": [\"Rome\"], \"answer_start\": [3]}}"),
            Optional.of(words.train()));

    assertThat(DataRows.read(words, WordTrial::parse, NamedWords::words).train())
        .containsExactly(new NamedWords(List.of("in", "Rome"), List.of("O", "B-x")));
    assertThat(
            DataRows.read(
                    new DataFiles(answers.train(), Optional.of(answers.train())),
                    AnswerTrial::parse,
                    row -> row)
                .train()
                .getFirst()
                .answers())
        .containsExactly(new Answer("Rome", 3));
  }

  @Test
  void aLongTextIsCutAtLineEndsAndLosesNothing() {
    String text = "All the world's a stage\n".repeat(100) + "the end";

    List<String> blocks = TextTrials.blocks(text).stream().map(LearnedText::text).toList();

    assertThat(blocks).hasSizeGreaterThan(1);
    assertThat(String.join("", blocks)).isEqualTo(text);
    assertThat(blocks.getFirst()).endsWith("stage\n");
  }
}
