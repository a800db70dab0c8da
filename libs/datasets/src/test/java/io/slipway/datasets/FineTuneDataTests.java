package io.slipway.datasets;

import static io.slipway.datasets.TestFiles.COLUMNS;
import static io.slipway.datasets.TestFiles.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.datasets.DatasetException.Reason;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FineTuneDataTests {

  @TempDir Path directory;

  @Test
  void returnsLabelsAndCountsUnderTheModelsNames() {
    var columns = new ColumnMapping("text", "label", Map.of("0", "negative", "1", "positive"));

    FineTuneData<LabelledText> data =
        FineTuneData.check(alternating(100, "1", "0"), columns, Split.DEFAULT);

    assertThat(data.labels().labels()).containsExactly("negative", "positive");
    assertThat(data.counts().get(Part.TRAIN))
        .containsExactly(Map.entry("negative", 40L), Map.entry("positive", 40L));
    assertThat(data.counts().get(Part.TEST)).containsEntry("positive", 5L);
  }

  @Test
  void readsDisjointPartsThatTogetherAreEverything() {
    FineTuneData<LabelledText> data =
        FineTuneData.check(alternating(100, "a", "b"), COLUMNS, Split.DEFAULT);

    Set<String> seen = new HashSet<>();
    for (Part part : Part.values()) {
      try (Stream<LabelledText> examples = data.examples(part)) {
        assertThat(examples).allMatch(example -> seen.add(example.text())).isNotEmpty();
      }
    }
    assertThat(seen).hasSize(100);
  }

  @Test
  void countsARowForEachOfItsLabels() {
    var columns = new ColumnMapping("text", "label", Map.of("a", "x"), ";");

    FineTuneData<LabelledText> data =
        FineTuneData.check(alternating(90, "a", " b ;a", ""), columns, new Split(0, 0, 0));

    assertThat(data.labels().labels()).containsExactly("b", "x");
    assertThat(data.counts().get(Part.TRAIN))
        .containsExactly(Map.entry("b", 30L), Map.entry("x", 60L));
    try (Stream<LabelledText> examples = data.examples(Part.TRAIN)) {
      assertThat(examples.limit(3).map(row -> columns.labels(row.label())))
          .containsExactly(List.of("x"), List.of("b", "x"), List.of());
    }
  }

  @Test
  void refusesNamesThatContainTheSeparator() {
    assertRefused(
            Reason.INVALID_MAPPING,
            () -> new ColumnMapping("text", "label", Map.of("a", "x;y"), ";"))
        .withMessageContaining("x;y");
  }

  @Test
  void refusesRowsOfWhichNoneHasALabel() {
    var columns = new ColumnMapping("text", "label", Map.of(), ";");

    assertRefused(
            Reason.ONE_CLASS_ONLY,
            () -> FineTuneData.check(alternating(30, ""), columns, Split.DEFAULT))
        .withMessageContaining("'label'");
  }

  @Test
  void refusesASingleClassAndNamesIt() {
    assertRefused(
            Reason.ONE_CLASS_ONLY,
            () -> FineTuneData.check(alternating(100, "a"), COLUMNS, Split.DEFAULT))
        .withMessageContaining("'a'");
  }

  @Test
  void refusesTwoLabelsThatAreMappedToOneClass() {
    var merged = new ColumnMapping("text", "label", Map.of("a", "x", "b", "x"));

    assertRefused(
        Reason.ONE_CLASS_ONLY,
        () -> FineTuneData.check(alternating(100, "a", "b"), merged, Split.DEFAULT));
  }

  @Test
  void refusesTooFewRows() {
    assertRefused(
            Reason.TOO_FEW_ROWS,
            () -> FineTuneData.check(alternating(9, "a", "b"), COLUMNS, Split.DEFAULT))
        .withMessageContaining("9 rows");
  }

  @Test
  void refusesRowsThatAreAllTheSameText() {
    String content =
        "text,label\n"
            + IntStream.range(0, 40)
                .mapToObj(i -> i % 2 == 0 ? "same,a" : "other,b")
                .collect(Collectors.joining("\n"));

    assertRefused(
            Reason.TOO_FEW_ROWS,
            () ->
                FineTuneData.check(
                    TestFiles.file(directory, DatasetFormat.CSV, content), COLUMNS, Split.DEFAULT))
        .withMessageContaining("different texts");
  }

  @Test
  void refusesAClassThatIsLeftWithNothingToTrainOn() {
    String content =
        "text,label\n"
            + IntStream.range(0, 300)
                .mapToObj(i -> "text %d,%s".formatted(i, i % 2 == 0 ? "a" : "b"))
                .collect(Collectors.joining("\n"))
            + "\ntext %d,twin";
    boolean[] refused = new boolean[300];
    for (int twin = 0; twin < 300; twin++) {
      DatasetFile file =
          TestFiles.file(directory, DatasetFormat.CSV, content.replace("%d", "" + twin));
      try {
        FineTuneData.check(file, COLUMNS, Split.DEFAULT);
      } catch (DatasetException e) {
        assertThat(e.reason()).isEqualTo(Reason.CLASS_NOT_IN_TRAIN);
        assertThat(e).hasMessageContaining("'twin'");
        refused[twin] = true;
      }
    }
    assertThat(refused).contains(true).contains(false);
  }

  @Test
  void checksTheMappingBeforeAnythingElse() {
    assertRefused(
        Reason.MISSING_COLUMN,
        () ->
            FineTuneData.check(
                alternating(100, "a", "b"), new ColumnMapping("body", "label"), Split.DEFAULT));
  }

  private DatasetFile alternating(int rows, String... labels) {
    String content =
        IntStream.range(0, rows)
            .mapToObj(
                i ->
                    "{\"text\":\"text %d\",\"label\":\"%s\"}"
                        .formatted(i, labels[i % labels.length]))
            .collect(Collectors.joining("\n"));
    return TestFiles.file(directory, DatasetFormat.JSONL, content);
  }
}
