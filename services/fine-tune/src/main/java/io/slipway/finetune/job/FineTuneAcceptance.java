package io.slipway.finetune.job;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.Digest;
import io.slipway.dataset.v1.ColumnMapping;
import io.slipway.dataset.v1.Dataset;
import io.slipway.dataset.v1.DatasetServiceGrpc.DatasetServiceBlockingStub;
import io.slipway.dataset.v1.GetDatasetRequest;
import io.slipway.datasets.DatasetFile;
import io.slipway.datasets.DatasetFormat;
import io.slipway.datasets.FineTuneData;
import io.slipway.datasets.Part;
import io.slipway.datasets.RowMapping;
import io.slipway.datasets.Split;
import io.slipway.finetune.FineTuneProperties;
import io.slipway.finetune.recipe.AdapterRecipe;
import io.slipway.finetune.recipe.LabelWeights;
import io.slipway.finetune.recipe.Recipe;
import io.slipway.finetune.recipe.RecipeMessages;
import io.slipway.finetune.task.TaskSetting;
import io.slipway.finetune.task.TunedTask;
import io.slipway.finetune.v1.FineTuneJob;
import io.slipway.finetune.v1.FineTuneRun;
import io.slipway.finetune.v1.Hyperparameters;
import io.slipway.kit.errors.DatasetRefusals;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.registry.v1.GetModelVersionRequest;
import io.slipway.registry.v1.ModelVersion;
import io.slipway.registry.v1.RegistryServiceGrpc.RegistryServiceBlockingStub;
import java.util.List;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/**
 * Checks all that a job needs before it is accepted, and writes down what it comes to: the base
 * version, the labels, the size of each part, every default.
 */
@Component
class FineTuneAcceptance {

  private final RegistryServiceBlockingStub registry;
  private final DatasetServiceBlockingStub datasets;
  private final BaseModels baseModels;
  private final RowChecks rowChecks;
  private final ArtifactStore store;
  private final long deadlineMillis;

  FineTuneAcceptance(
      RegistryServiceBlockingStub registry,
      DatasetServiceBlockingStub datasets,
      BaseModels baseModels,
      RowChecks rowChecks,
      ArtifactStore store,
      FineTuneProperties properties) {
    this.registry = registry;
    this.datasets = datasets;
    this.baseModels = baseModels;
    this.rowChecks = rowChecks;
    this.store = store;
    this.deadlineMillis = properties.fineTune().callDeadline().toMillis();
  }

  /**
   * @param spec what the job is to do, every default filled in
   * @param run what is known of it at once
   */
  record Accepted(FineTuneJob spec, FineTuneRun run) {}

  /**
   * @throws SlipwayException with the first thing that does not fit
   */
  Accepted accept(FineTuneJob asked) {
    ModelId.parse(asked.getOutputModelId());
    requireNamed("base_version", asked.getBaseVersion(), "models/{namespace}/{model}");
    requireNamed("dataset", asked.getDataset(), "datasets/{id}");
    Split split = DatasetRefusals.translating(() -> Split.fromProto(asked.getSplit()));

    ModelVersion version = version(asked.getBaseVersion());
    TunedTask task = task(asked, version);
    TaskSetting.requireFit(task, asked.getColumns(), asked.getHyperparameters());
    BaseModel base = baseModels.of(version, task.task());
    Recipe recipe =
        RecipeMessages.recipe(
            prefixed(asked.getHyperparameters(), task, base), task, base.maxLength());
    Dataset dataset = dataset(asked.getDataset());
    ColumnMapping columns =
        DatasetRefusals.translating(
            () -> task.columns(asked.getColumns(), dataset.getColumnsList()));
    FineTuneData<?> data =
        DatasetRefusals.translating(
            () -> {
              RowMapping<?> rows = task.rows(columns);
              rows.requireIn(dataset.getColumnsList());
              rowChecks.check(rows, file(dataset), version);
              return FineTuneData.check(file(dataset), rows, split);
            });
    recipe.forRows(data.assignment().size(Part.TRAIN), data.assignment().size(Part.VALIDATION));
    List<String> labels = labels(task, base, columns, data);
    Training training = training(asked.getHyperparameters(), recipe, version, base, labels, data);

    FineTuneJob spec =
        FineTuneJob.newBuilder()
            .setBaseVersion(base.version())
            .setTask(task.task().pipelineTag())
            .setProblemType(task.problemType())
            .setDataset(dataset.getName())
            .setColumns(columns)
            .setSplit(split.toProto())
            .setHyperparameters(training.hyperparameters())
            .setOutputModelId(asked.getOutputModelId())
            .build();
    return new Accepted(spec, run(version, spec.getTask(), labels, dataset, data, training));
  }

  private static TunedTask task(FineTuneJob asked, ModelVersion base) {
    return TunedTask.of(
        asked.getTask().isEmpty() ? base.getTask() : asked.getTask(),
        asked.getProblemType(),
        asked.getColumns().getLabelSeparator());
  }

  private static Hyperparameters prefixed(Hyperparameters asked, TunedTask task, BaseModel base) {
    return asked.hasSourcePrefix() || !task.has(TaskSetting.SOURCE_PREFIX)
        ? asked
        : asked.toBuilder().setSourcePrefix(base.sourcePrefix()).build();
  }

  /** By index; a value is named after its column. */
  private static List<String> labels(
      TunedTask task, BaseModel base, ColumnMapping columns, FineTuneData<?> data) {
    return task == TunedTask.REGRESSION
        ? List.of(columns.getLabel())
        : base.labelsFor(data.labels().labels());
  }

  /**
   * How the job trains.
   *
   * @param adapterConfig empty when the whole model is trained
   * @param classWeights by index of the labels; empty when all count the same
   */
  private record Training(
      Hyperparameters hyperparameters, String adapterConfig, List<Double> classWeights) {}

  private Training training(
      Hyperparameters asked,
      Recipe recipe,
      ModelVersion version,
      BaseModel base,
      List<String> labels,
      FineTuneData<?> data) {
    Hyperparameters.Builder filled = RecipeMessages.message(recipe).toBuilder();
    String adapterConfig = "";
    if (asked.hasLora()) {
      AdapterRecipe adapter =
          AdapterRecipe.of(asked.getLora(), base.modelId(), baseModels.modules(version));
      filled.setLora(adapter.message());
      adapterConfig = adapter.config().toJson();
    }
    List<Double> classWeights = List.of();
    if (asked.hasClassWeights()) {
      classWeights =
          LabelWeights.of(
              asked.getClassWeights(),
              labels,
              data.counts().getOrDefault(Part.TRAIN, new TreeMap<>()));
      filled.setClassWeights(asked.getClassWeights());
    }
    return new Training(filled.build(), adapterConfig, classWeights);
  }

  private static FineTuneRun run(
      ModelVersion version,
      String task,
      List<String> labels,
      Dataset dataset,
      FineTuneData<?> data,
      Training training) {
    return FineTuneRun.newBuilder()
        .setOutputs(
            FineTuneJob.newBuilder()
                .addAllLabels(labels)
                .setTrainRows(data.assignment().size(Part.TRAIN))
                .setValidationRows(data.assignment().size(Part.VALIDATION))
                .setTestRows(data.assignment().size(Part.TEST)))
        .setTask(task)
        .addAllBaseFiles(version.getFilesList())
        .setDatasetFormat(dataset.getFormat())
        .setDatasetSha256(dataset.getSha256())
        .setAdapterConfig(training.adapterConfig())
        .addAllClassWeights(training.classWeights())
        .build();
  }

  private ModelVersion version(String name) {
    return registry
        .withDeadlineAfter(deadlineMillis, MILLISECONDS)
        .getModelVersion(GetModelVersionRequest.newBuilder().setName(name).build());
  }

  private Dataset dataset(String name) {
    return datasets
        .withDeadlineAfter(deadlineMillis, MILLISECONDS)
        .getDataset(GetDatasetRequest.newBuilder().setName(name).build());
  }

  private DatasetFile file(Dataset dataset) {
    return new DatasetFile(
        store.path(Digest.of(dataset.getSha256())), DatasetFormat.fromProto(dataset.getFormat()));
  }

  private static void requireNamed(String field, String value, String form) {
    if (value.isEmpty()) {
      throw SlipwayException.invalid(
          field + " is empty; expected a name of the form " + form + ".");
    }
  }
}
