package io.slipway.datasets;

import static io.slipway.datasets.TestFiles.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.slipway.dataset.v1.SplitPart;
import io.slipway.datasets.DatasetException.Reason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LabelsAndMappingTests {

  @Test
  void sortsIntegersByValueAndAnythingElseAsText() {
    assertThat(LabelSet.sorted(List.of("10", "9", "-1", "9")).labels())
        .containsExactly("-1", "9", "10");
    assertThat(LabelSet.sorted(List.of("10", "9", "x")).labels()).containsExactly("10", "9", "x");
  }

  @Test
  void keepsAModelsOwnOrderAndNamesAnUnknownLabel() {
    var labels = new LabelSet(List.of("positive", "negative"));

    assertThat(labels.index("negative")).isEqualTo(1);
    assertRefused(Reason.UNKNOWN_LABEL, () -> labels.requireAll(List.of("positive", "neutral")))
        .withMessageContaining("'neutral'")
        .withMessageContaining("[positive, negative]");
    assertThatIllegalArgumentException().isThrownBy(() -> new LabelSet(List.of("a", "a")));
  }

  @ParameterizedTest
  @CsvSource({"'',label", "text,''", "text,text"})
  void refusesMappingsThatNameNoTwoColumns(String text, String label) {
    assertRefused(Reason.INVALID_MAPPING, () -> new ColumnMapping(text, label));
  }

  @Test
  void survivesTheWayThroughAMessage() {
    var mapping = new ColumnMapping("a", "b", Map.of("0", "no"));

    assertThat(ColumnMapping.fromProto(mapping.toProto())).isEqualTo(mapping);
  }

  @ParameterizedTest
  @EnumSource(DatasetFormat.class)
  void everyFormatSurvivesTheWayThroughAMessage(DatasetFormat format) {
    assertThat(DatasetFormat.fromProto(format.toProto())).isEqualTo(format);
    assertThat(DatasetFormat.ofFileName("My.Data." + format)).isEqualTo(format);
  }

  @ParameterizedTest
  @EnumSource(Part.class)
  void everyPartSurvivesTheWayThroughAMessage(Part part) {
    assertThat(Part.fromProto(part.toProto())).isEqualTo(part);
  }

  @Test
  void refusesWhatAMessageLeavesOpen() {
    assertRefused(Reason.INVALID_SPLIT, () -> Part.fromProto(SplitPart.Part.PART_UNSPECIFIED));
    assertRefused(
        Reason.UNKNOWN_FORMAT,
        () ->
            DatasetFormat.fromProto(
                io.slipway.dataset.v1.DatasetFormat.DATASET_FORMAT_UNSPECIFIED));
    assertRefused(Reason.UNKNOWN_FORMAT, () -> DatasetFormat.ofFileName("data.parquet"))
        .withMessageContaining("data.parquet");
  }
}
