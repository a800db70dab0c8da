package io.slipway.evaluation.data;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.Digest;
import io.slipway.dataset.v1.Dataset;
import io.slipway.dataset.v1.DatasetServiceGrpc.DatasetServiceBlockingStub;
import io.slipway.dataset.v1.GetDatasetRequest;
import io.slipway.datasets.ColumnMapping;
import io.slipway.datasets.DatasetFile;
import io.slipway.datasets.DatasetFormat;
import io.slipway.datasets.Part;
import io.slipway.datasets.Split;
import io.slipway.evaluation.EvaluationProperties;
import io.slipway.evaluation.data.EvaluationRows.Selection;
import io.slipway.evaluation.v1.Evaluation;
import io.slipway.kit.errors.DatasetRefusals;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds the dataset of an evaluation, and its rows in the artifact store. */
@Component
public class EvaluationDatasets {

  private final DatasetServiceBlockingStub datasets;
  private final ArtifactStore artifacts;
  private final EvaluationProperties properties;

  EvaluationDatasets(
      DatasetServiceBlockingStub datasets,
      ArtifactStore artifacts,
      EvaluationProperties properties) {
    this.datasets = datasets;
    this.artifacts = artifacts;
    this.properties = properties;
  }

  /**
   * The rows that an evaluation is about; the columns are checked against what the dataset says of
   * itself before its file is opened.
   *
   * @throws SlipwayException NOT_FOUND, MISSING_COLUMN, MALFORMED_DATASET, INVALID_ARGUMENT
   */
  public EvaluationRows open(Evaluation evaluation) {
    if (evaluation.getMaxRows() < 0) {
      throw SlipwayException.invalid(
          "max_rows is " + evaluation.getMaxRows() + "; it must not be negative.");
    }
    Dataset dataset = get(evaluation.getDataset());
    return DatasetRefusals.translating(() -> open(evaluation, dataset));
  }

  private Dataset get(String name) {
    return datasets
        .withDeadlineAfter(properties.callTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .getDataset(GetDatasetRequest.newBuilder().setName(name).build());
  }

  private EvaluationRows open(Evaluation evaluation, Dataset dataset) {
    ColumnMapping columns = ColumnMapping.fromProto(evaluation.getColumns());
    if (columns.multiLabel()) {
      throw SlipwayException.invalid(
          "columns.label_separator is \"%s\"; expected none, since rows are evaluated that have one label."
              .formatted(columns.labelSeparator()));
    }
    columns.requireIn(dataset.getColumnsList());
    if (dataset.getRowCount() == 0) {
      throw new SlipwayException(ErrorCode.MALFORMED_DATASET, dataset.getName() + " has no rows.");
    }
    DatasetFile file =
        new DatasetFile(
            artifacts.path(Digest.of(dataset.getSha256())),
            DatasetFormat.fromProto(dataset.getFormat()));
    return new EvaluationRows(
        file, columns, selection(evaluation, file, columns), evaluation.getMaxRows());
  }

  private static @Nullable Selection selection(
      Evaluation evaluation, DatasetFile file, ColumnMapping columns) {
    if (!evaluation.hasSplitPart()) {
      return null;
    }
    Part part = Part.fromProto(evaluation.getSplitPart().getPart());
    Split split = Split.fromProto(evaluation.getSplitPart().getSplit());
    return new Selection(split.assign(file, columns), part);
  }
}
