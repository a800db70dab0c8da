package io.slipway.datasets;

import static io.slipway.datasets.TestFiles.COLUMNS;
import static io.slipway.datasets.TestFiles.assertRefused;
import static io.slipway.datasets.TestFiles.examples;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.datasets.DatasetException.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitTests {

  @TempDir Path directory;

  @Test
  void givesEachPartItsShareOfEachLabel() {
    SplitAssignment assignment = Split.DEFAULT.assign(numbered(1000, 4), COLUMNS);

    assertThat(assignment.rowCount()).isEqualTo(1000);
    assertThat(assignment.size(Part.TEST)).isEqualTo(100);
    assertThat(assignment.counts().get(Part.TEST))
        .containsExactly(
            Map.entry("c0", 25L), Map.entry("c1", 25L), Map.entry("c2", 25L), Map.entry("c3", 25L));
    assertThat(assignment.counts().get(Part.TRAIN)).containsEntry("c0", 200L);
  }

  @Test
  void isTheSameForTheSameRowsFractionsAndSeed() {
    DatasetFile file = numbered(500, 3);
    var split = new Split(0.2, 0.1, 42);

    assertThat(parts(split.assign(file, COLUMNS)))
        .isEqualTo(parts(split.assign(numbered(500, 3), COLUMNS)))
        .isNotEqualTo(parts(new Split(0.2, 0.1, 43).assign(file, COLUMNS)));
  }

  /** The parts of these rows were written down once; a stored job relies on them. */
  @Test
  void neverChangesBetweenVersions() {
    assertThat(parts(new Split(0.2, 0.2, 7).assign(numbered(12, 2), COLUMNS)))
        .hasToString(
            "[TRAIN, TRAIN, TRAIN, TEST, TEST, VALIDATION, TRAIN, TRAIN, VALIDATION, TRAIN,"
                + " TRAIN, TRAIN]");
  }

  @Test
  void doesNotMoveRowsWhenLabelsAreRenamedOrMerged() {
    DatasetFile file = numbered(300, 3);
    var merged = new ColumnMapping("text", "label", Map.of("c0", "x", "c1", "x"));

    assertThat(parts(Split.DEFAULT.assign(file, merged)))
        .isEqualTo(parts(Split.DEFAULT.assign(file, COLUMNS)));
  }

  @Test
  void keepsEqualTextsInOnePartWhateverTheirCaseSpaceOrLabel() {
    StringBuilder content = new StringBuilder("text,label\n");
    for (int i = 0; i < 400; i++) {
      int text = i * 7919 % 150;
      String form = i % 2 == 0 ? "Same  text %d " : "same text %d";
      content.append(form.formatted(text)).append(",c").append(i % 3).append('\n');
    }
    DatasetFile file = TestFiles.file(directory, DatasetFormat.CSV, content.toString());
    SplitAssignment assignment = new Split(0.2, 0.2, 1).assign(file, COLUMNS);

    Map<String, Part> partOfText = new HashMap<>();
    List<LabelledText> rows = examples(file, COLUMNS);
    for (int row = 0; row < rows.size(); row++) {
      String text = rows.get(row).text().strip().replaceAll(" +", " ").toLowerCase(Locale.ROOT);
      assertThat(partOfText.merge(text, assignment.part(row), (a, b) -> a == b ? a : null))
          .as(text)
          .isNotNull();
    }
    assertThat(assignment.size(Part.TEST)).isBetween(70, 90);
  }

  @Test
  void givesARareLabelToEveryPartWhenItHasThreeTexts() {
    StringBuilder content = new StringBuilder("text,label\n");
    IntStream.range(0, 100).forEach(i -> content.append("often %d,a\n".formatted(i)));
    IntStream.range(0, 3).forEach(i -> content.append("rare %d,b\n".formatted(i)));
    IntStream.range(0, 2).forEach(i -> content.append("rarer %d,c\n".formatted(i)));
    SplitAssignment assignment =
        Split.DEFAULT.assign(
            TestFiles.file(directory, DatasetFormat.CSV, content.toString()), COLUMNS);

    for (Part part : Part.values()) {
      assertThat(assignment.counts().get(part)).as(part.name()).containsEntry("b", 1L);
    }
    assertThat(assignment.counts().get(Part.TRAIN)).containsEntry("c", 2L);
  }

  @Test
  void leavesEveryLabelInTheTrainPartAtTheLargestFractions() {
    SplitAssignment assignment = new Split(0.5, 0.49, 3).assign(numbered(40, 8), COLUMNS);

    assertThat(assignment.counts().get(Part.TRAIN).values()).allMatch(count -> count > 0);
  }

  @Test
  void makesNoPartWhoseFractionIsZero() {
    SplitAssignment assignment = new Split(0, 0, 3).assign(numbered(40, 8), COLUMNS);

    assertThat(assignment.size(Part.TRAIN)).isEqualTo(40);
  }

  @Test
  void selectsTheRowsOfAPartInOrder() {
    DatasetFile file = numbered(100, 2);
    SplitAssignment assignment = Split.DEFAULT.assign(file, COLUMNS);

    List<LabelledText> all = examples(file, COLUMNS);
    List<LabelledText> expected = new ArrayList<>();
    for (int row = 0; row < 100; row++) {
      if (assignment.part(row) == Part.TEST) {
        expected.add(all.get(row));
      }
    }
    assertThat(assignment.select(Part.TEST, all.stream()))
        .containsExactlyElementsOf(expected)
        .isNotEmpty();
    assertRefused(
        Reason.UNREADABLE,
        () -> assignment.select(Part.TEST, examples(numbered(101, 2), COLUMNS).stream()).toList());
  }

  @ParameterizedTest
  @CsvSource({"-0.1,0.1", "0.1,0.6", "0.5,0.5", "NaN,0.1"})
  void refusesFractionsThatLeaveTheirRange(double validation, double test) {
    assertRefused(Reason.INVALID_SPLIT, () -> new Split(validation, test, 0));
  }

  @Test
  void fillsInDefaultsFromAMessageAndKeepsAnExplicitZero() {
    var unset = io.slipway.dataset.v1.Split.newBuilder().setSeed(9).build();

    assertThat(Split.fromProto(unset)).isEqualTo(new Split(0.1, 0.1, 9));
    assertThat(Split.fromProto(unset.toBuilder().setTestFraction(0).build()).testFraction())
        .isZero();
    assertThat(Split.fromProto(new Split(0.2, 0, 5).toProto())).isEqualTo(new Split(0.2, 0, 5));
  }

  private DatasetFile numbered(int rows, int labels) {
    StringBuilder content = new StringBuilder("text,label\n");
    for (int i = 0; i < rows; i++) {
      content.append("message number %d,c%d\n".formatted(i, i % labels));
    }
    return TestFiles.file(directory, DatasetFormat.CSV, content.toString());
  }

  private static List<Part> parts(SplitAssignment assignment) {
    return IntStream.range(0, assignment.rowCount()).mapToObj(assignment::part).toList();
  }
}
