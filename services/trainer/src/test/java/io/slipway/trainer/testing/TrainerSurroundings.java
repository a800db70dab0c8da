package io.slipway.trainer.testing;

import static org.awaitility.Awaitility.await;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.FileSystemArtifactStore;
import io.slipway.artifacts.StoredFile;
import io.slipway.common.v1.ArtifactFile;
import io.slipway.dataset.v1.ColumnMapping;
import io.slipway.dataset.v1.DatasetFormat;
import io.slipway.dataset.v1.Split;
import io.slipway.finetune.v1.EarlyStopping;
import io.slipway.finetune.v1.Hyperparameters;
import io.slipway.finetune.v1.LoraConfig;
import io.slipway.finetune.v1.TrainingPlan;
import io.slipway.modelfiles.adapter.AdapterConfig;
import io.slipway.modelfiles.adapter.AdapterConfig.BaseModelName;
import io.slipway.modelfiles.adapter.AdapterRanks;
import io.slipway.modelfiles.adapter.ModuleNames;
import io.slipway.modelfiles.adapter.TargetModules;
import io.slipway.process.ChildProcess;
import io.slipway.trainer.testing.ControlStandIn.Connected;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A store with something to train on, and the two services that a trainer talks to. */
public final class TrainerSurroundings implements AutoCloseable {

  public static final int ROWS = 240;
  public static final int BATCH = 8;

  /** Of 192 rows to train on. */
  public static final int STEPS_PER_EPOCH = 24;

  public final ControlStandIn control = new ControlStandIn();
  public final TrainingStandIn training = new TrainingStandIn();

  private final Path directory;
  private final ArtifactStore store;
  private final Server server;

  public TrainerSurroundings(Path directory) {
    this.directory = directory;
    this.store = new FileSystemArtifactStore(directory.resolve("store"));
    try {
      this.server =
          Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
              .addService(control)
              .addService(training)
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ArtifactStore store() {
    return store;
  }

  public ChildProcess startTrainer(String name, String... more) {
    String target = "static://127.0.0.1:" + server.getPort();
    return TrainerJvm.start(
        directory.resolve("store"), directory.resolve("work"), name, target, target, more);
  }

  /** Waits for a trainer that has nothing to do. */
  public Connected awaitIdle() {
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> control.connected().stream().anyMatch(Connected::isIdle));
    return idle().orElseThrow();
  }

  private Optional<Connected> idle() {
    return control.connected().stream().filter(Connected::isIdle).findFirst();
  }

  /** A plan on a healthy base. */
  public TrainingPlan.Builder plan(int epochs) {
    return plan(epochs, 0.05);
  }

  /**
   * @param scale of the base's random weights
   */
  public TrainingPlan.Builder plan(int epochs, double scale) {
    return TrainingPlan.newBuilder()
        .setTask("text-classification")
        .addAllBaseFiles(base(scale))
        .setDatasetFormat(DatasetFormat.DATASET_FORMAT_CSV)
        .setDatasetSha256(dataset(TinyBert.dataset(ROWS)))
        .setColumns(ColumnMapping.newBuilder().setText("text").setLabel("label"))
        .setSplit(Split.newBuilder().setValidationFraction(0.1).setTestFraction(0.1))
        .setHyperparameters(
            Hyperparameters.newBuilder()
                .setEpochs(epochs)
                .setBatchSize(BATCH)
                .setLearningRate(5e-3)
                .setWeightDecay(0.01)
                .setWarmupRatio(0.1)
                .setMaxGradientNorm(1)
                .setMaxLength(16)
                .setSeed(3))
        .addAllLabels(List.of("money", "parcel"))
        .setBaseVersion("models/acme/tiny/versions/2")
        .setDataset("datasets/messages");
  }

  /**
   * A plan to train an adapter, which stops early at last.
   *
   * @param targets names of layers
   */
  public TrainingPlan.Builder adapterPlan(int epochs, String... targets) {
    TrainingPlan.Builder plan = withAdapter(plan(epochs), Set.of("pooler", "classifier"), targets);
    plan.getHyperparametersBuilder()
        .setMicroBatchSize(4)
        .setEarlyStopping(EarlyStopping.newBuilder().setPatience(12));
    return plan;
  }

  /**
   * The same plan, but to train an adapter.
   *
   * @param saved modules that are trained whole
   * @param targets names of layers
   */
  public static TrainingPlan.Builder withAdapter(
      TrainingPlan.Builder plan, Set<String> saved, String... targets) {
    LoraConfig lora =
        LoraConfig.newBuilder()
            .setR(4)
            .setLoraAlpha(16)
            .setLoraDropout(0.1)
            .addAllTargetModules(List.of(targets))
            .build();
    AdapterConfig config =
        new AdapterConfig(
            Optional.of(new BaseModelName("acme/tiny", Optional.empty())),
            Optional.empty(),
            new TargetModules.Chosen(new ModuleNames.Named(List.of(targets))),
            Optional.empty(),
            new AdapterRanks(4, 16, false, Map.of(), Map.of()),
            0.1,
            saved,
            false);
    plan.getHyperparametersBuilder().setLora(lora);
    return plan.setAdapterConfig(config.toJson());
  }

  /** A plan on messages about money, parcels, both, or neither. */
  public TrainingPlan.Builder multiLabelPlan(int epochs) {
    TrainingPlan.Builder plan = plan(epochs);
    plan.setDatasetSha256(dataset(TinyBert.multiLabelDataset(ROWS)));
    plan.getColumnsBuilder().setLabelSeparator(";");
    return plan;
  }

  private List<ArtifactFile> base(double scale) {
    try (Stream<Path> files =
        Files.list(TinyBert.write(directory.resolve("base-" + scale), scale))) {
      return stored(files.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stores files, each by its own name. */
  List<ArtifactFile> stored(List<Path> files) {
    return files.stream()
        .map(file -> store.write(file).at(file.getFileName().toString()).toProto())
        .toList();
  }

  /** Stores a dataset and gives its digest. */
  String dataset(String content) {
    return text("data", content).digest().hex();
  }

  StoredFile text(String path, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return store.write(new ByteArrayInputStream(bytes), bytes.length).at(path);
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
