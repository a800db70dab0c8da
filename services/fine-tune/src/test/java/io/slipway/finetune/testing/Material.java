package io.slipway.finetune.testing;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.FileSystemArtifactStore;
import io.slipway.artifacts.StoredFile;
import io.slipway.dataset.v1.ColumnMapping;
import io.slipway.dataset.v1.Dataset;
import io.slipway.dataset.v1.DatasetFormat;
import io.slipway.finetune.v1.FineTuneJob;
import io.slipway.modelfiles.safetensors.Dtype;
import io.slipway.modelfiles.safetensors.SafetensorsWriter;
import io.slipway.registry.v1.ModelVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What jobs are made of: a store, base versions, datasets. */
public final class Material {

  public static final String BASE = "models/acme/base/versions/1";
  public static final String DATASET = "datasets/tickets";

  private final Path root;
  private final ArtifactStore store;
  private final Neighbours neighbours;

  public Material(Path root, Neighbours neighbours) {
    this.root = root;
    this.store = new FileSystemArtifactStore(root);
    this.neighbours = neighbours;
  }

  public Path root() {
    return root;
  }

  public ArtifactStore store() {
    return store;
  }

  public StoredFile file(String path, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return store.write(new ByteArrayInputStream(bytes), bytes.length).at(path);
  }

  /** Registers a version that has only a configuration. */
  public ModelVersion configOnly(String name, String config) {
    return files(name, "text-classification", Map.of("config.json", config));
  }

  /** Registers a version with these contents by path. */
  public ModelVersion files(String name, String task, Map<String, String> contents) {
    return version(
        name,
        task,
        contents.entrySet().stream().map(file -> file(file.getKey(), file.getValue())).toList());
  }

  /** Registers a version with one linear layer, called query. */
  public ModelVersion weights(String name, String config) throws IOException {
    Path directory = Files.createTempDirectory(root, "weights-");
    Files.writeString(directory.resolve("config.json"), config);
    new SafetensorsWriter()
        .tensor(
            "encoder.layer.0.attention.self.query.weight",
            Dtype.F32,
            List.of(1L, 1L),
            () -> MemorySegment.ofArray(new byte[Float.BYTES]))
        .write(directory.resolve("model.safetensors"), false);
    return checkpoint(name, directory);
  }

  /** Registers the files of a directory as a version. */
  public ModelVersion checkpoint(String name, Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return version(
          name,
          "text-classification",
          files.map(file -> store.write(file).at(file.getFileName().toString())).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ModelVersion version(String name, String task, List<StoredFile> files) {
    ModelVersion version =
        ModelVersion.newBuilder()
            .setName(name)
            .setTask(task)
            .setArchitecture("bert")
            .addAllFiles(files.stream().map(StoredFile::toProto).toList())
            .build();
    neighbours.registry.add(version);
    return version;
  }

  /** Registers a CSV. */
  public Dataset dataset(String name, String csv) {
    return dataset(
        name,
        csv,
        DatasetFormat.DATASET_FORMAT_CSV,
        List.of(csv.lines().findFirst().orElse("").split(",", -1)),
        csv.lines().count() - 1);
  }

  /** Registers a JSONL. */
  public Dataset jsonl(String name, List<String> columns, String rows) {
    return dataset(name, rows, DatasetFormat.DATASET_FORMAT_JSONL, columns, rows.lines().count());
  }

  private Dataset dataset(
      String name, String content, DatasetFormat format, List<String> columns, long rows) {
    Dataset dataset =
        Dataset.newBuilder()
            .setName(name)
            .setFormat(format)
            .addAllColumns(columns)
            .setRowCount(rows)
            .setSha256(file("data", content).digest().hex())
            .build();
    neighbours.datasets.add(dataset);
    return dataset;
  }

  /** Rows of two labels, all different. */
  public static String rows(int count, String... labels) {
    StringBuilder csv = new StringBuilder("text,label\n");
    for (int i = 0; i < count; i++) {
      csv.append("message number ")
          .append(i)
          .append(',')
          .append(labels[i % labels.length])
          .append('\n');
    }
    return csv.toString();
  }

  /** A configuration with a classification head. */
  public static String bertConfig(String... labels) {
    StringBuilder ids = new StringBuilder();
    for (int i = 0; i < labels.length; i++) {
      ids.append(i == 0 ? "" : ",")
          .append('"')
          .append(i)
          .append("\":\"")
          .append(labels[i])
          .append('"');
    }
    return """
        {"model_type": "bert", "architectures": ["BertForSequenceClassification"],
         "max_position_embeddings": 64, "id2label": {%s}}"""
        .formatted(ids);
  }

  /** A job on the base and the dataset. */
  public static FineTuneJob.Builder job() {
    return FineTuneJob.newBuilder()
        .setBaseVersion(BASE)
        .setDataset(DATASET)
        .setColumns(ColumnMapping.newBuilder().setText("text").setLabel("label"))
        .setOutputModelId("acme/tuned");
  }
}
