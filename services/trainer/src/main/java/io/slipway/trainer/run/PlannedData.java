package io.slipway.trainer.run;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.Digest;
import io.slipway.datasets.DatasetFile;
import io.slipway.datasets.DatasetFormat;
import io.slipway.datasets.FineTuneData;
import io.slipway.datasets.Part;
import io.slipway.datasets.RowMapping;
import io.slipway.datasets.Split;
import io.slipway.finetune.v1.TrainingPlan;
import io.slipway.models.training.Goal;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a run learns, and from what. The test part of the dataset is left alone.
 *
 * @param <E> a row, as the goal has them
 * @param validation empty when the split has no such part
 */
record PlannedData<E>(Goal<E> goal, List<E> train, List<E> validation) {

  /**
   * Divides the dataset as the fine-tune service has, by the same pure function.
   *
   * @param row makes of an example what the goal learns from
   */
  static <R, E> PlannedData<E> read(
      TrainingPlan plan,
      ArtifactStore store,
      RowMapping<R> columns,
      Goal<E> goal,
      Function<R, E> row) {
    DatasetFile file =
        new DatasetFile(
            store.path(Digest.of(plan.getDatasetSha256())),
            DatasetFormat.fromProto(plan.getDatasetFormat()));
    FineTuneData<R> data = FineTuneData.check(file, columns, Split.fromProto(plan.getSplit()));
    return new PlannedData<>(goal, rows(data, Part.TRAIN, row), rows(data, Part.VALIDATION, row));
  }

  private static <R, E> List<E> rows(FineTuneData<R> data, Part part, Function<R, E> row) {
    try (Stream<R> examples = data.examples(part)) {
      return examples.map(row).toList();
    }
  }
}
