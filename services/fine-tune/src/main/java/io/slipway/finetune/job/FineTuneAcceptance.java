package io.slipway.finetune.job;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.Digest;
import io.slipway.dataset.v1.Dataset;
import io.slipway.dataset.v1.DatasetServiceGrpc.DatasetServiceBlockingStub;
import io.slipway.dataset.v1.GetDatasetRequest;
import io.slipway.datasets.ColumnMapping;
import io.slipway.datasets.DatasetFile;
import io.slipway.datasets.DatasetFormat;
import io.slipway.datasets.FineTuneData;
import io.slipway.datasets.Part;
import io.slipway.datasets.Split;
import io.slipway.finetune.FineTuneProperties;
import io.slipway.finetune.recipe.AdapterRecipe;
import io.slipway.finetune.recipe.LabelWeights;
import io.slipway.finetune.recipe.Recipe;
import io.slipway.finetune.recipe.RecipeMessages;
import io.slipway.finetune.v1.FineTuneJob;
import io.slipway.finetune.v1.FineTuneRun;
import io.slipway.finetune.v1.Hyperparameters;
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
  private final ArtifactStore store;
  private final long deadlineMillis;

  FineTuneAcceptance(
      RegistryServiceBlockingStub registry,
      DatasetServiceBlockingStub datasets,
      BaseModels baseModels,
      ArtifactStore store,
      FineTuneProperties properties) {
    this.registry = registry;
    this.datasets = datasets;
    this.baseModels = baseModels;
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
    ColumnMapping columns =
        DatasetRefusals.translating(() -> ColumnMapping.fromProto(asked.getColumns()));
    Split split = DatasetRefusals.translating(() -> Split.fromProto(asked.getSplit()));

    ModelVersion version = version(asked.getBaseVersion());
    BaseModel base = baseModels.of(version);
    Recipe recipe =
        RecipeMessages.recipe(asked.getHyperparameters(), base.maxLength())
            .forLabels(columns.multiLabel());
    Dataset dataset = dataset(asked.getDataset());
    FineTuneData data =
        DatasetRefusals.translating(
            () -> {
              columns.requireIn(dataset.getColumnsList());
              return FineTuneData.check(file(dataset), columns, split);
            });
    recipe.forRows(data.assignment().size(Part.TRAIN), data.assignment().size(Part.VALIDATION));
    Training training = training(asked.getHyperparameters(), recipe, version, base, data);

    FineTuneJob spec =
        FineTuneJob.newBuilder()
            .setBaseVersion(base.version())
            .setDataset(dataset.getName())
            .setColumns(columns.toProto())
            .setSplit(split.toProto())
            .setHyperparameters(training.hyperparameters())
            .setOutputModelId(asked.getOutputModelId())
            .build();
    return new Accepted(spec, run(version, base, dataset, data, training));
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
      FineTuneData data) {
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
              base.labelsFor(data.labels().labels()),
              data.counts().getOrDefault(Part.TRAIN, new TreeMap<>()));
      filled.setClassWeights(asked.getClassWeights());
    }
    return new Training(filled.build(), adapterConfig, classWeights);
  }

  private static FineTuneRun run(
      ModelVersion version, BaseModel base, Dataset dataset, FineTuneData data, Training training) {
    return FineTuneRun.newBuilder()
        .setOutputs(
            FineTuneJob.newBuilder()
                .addAllLabels(base.labelsFor(data.labels().labels()))
                .setTrainRows(data.assignment().size(Part.TRAIN))
                .setValidationRows(data.assignment().size(Part.VALIDATION))
                .setTestRows(data.assignment().size(Part.TEST)))
        .setTask(base.task())
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
