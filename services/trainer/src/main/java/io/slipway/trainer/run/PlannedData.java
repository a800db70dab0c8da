package io.slipway.trainer.run;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.Digest;
import io.slipway.datasets.ColumnMapping;
import io.slipway.datasets.DatasetFile;
import io.slipway.datasets.DatasetFormat;
import io.slipway.datasets.FineTuneData;
import io.slipway.datasets.LabelSet;
import io.slipway.datasets.Part;
import io.slipway.datasets.Split;
import io.slipway.finetune.v1.TrainingPlan;
import io.slipway.models.training.classification.LabelledText;
import java.util.List;
import java.util.stream.Stream;

/**
 * The rows of a run. The test part is left alone.
 *
 * @param validation empty when the split has no such part
 */
record PlannedData(List<LabelledText> train, List<LabelledText> validation) {

  /** Divides the dataset as the fine-tune service has, by the same pure function. */
  static PlannedData read(TrainingPlan plan, ArtifactStore store) {
    DatasetFile file =
        new DatasetFile(
            store.path(Digest.of(plan.getDatasetSha256())),
            DatasetFormat.fromProto(plan.getDatasetFormat()));
    FineTuneData data =
        FineTuneData.check(
            file, ColumnMapping.fromProto(plan.getColumns()), Split.fromProto(plan.getSplit()));
    LabelSet labels = new LabelSet(plan.getLabelsList());
    return new PlannedData(rows(data, Part.TRAIN, labels), rows(data, Part.VALIDATION, labels));
  }

  private static List<LabelledText> rows(FineTuneData data, Part part, LabelSet labels) {
    try (Stream<io.slipway.datasets.LabelledText> rows = data.examples(part)) {
      return rows.map(row -> new LabelledText(row.text(), indices(data, row.label(), labels)))
          .toList();
    }
  }

  private static List<Integer> indices(FineTuneData data, String value, LabelSet labels) {
    return data.columns().labels(value).stream().map(labels::index).toList();
  }
}
