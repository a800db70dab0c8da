package io.slipway.modelfiles;

import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.modelfiles.safetensors.SafetensorsException;
import io.slipway.modelfiles.safetensors.SafetensorsFile;
import io.slipway.modelfiles.safetensors.TensorView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A directory in the Hub's layout, opened: its configuration read, its weights mapped, whether they
 * are in one file or in shards.
 *
 * <p>Owns the mappings: tensors are valid until {@link #close()}.
 */
public final class Checkpoint implements AutoCloseable {

  private final Path directory;
  private final ModelConfig config;
  private final List<SafetensorsFile> files;
  private final Map<String, TensorView> tensors;

  private Checkpoint(
      Path directory,
      ModelConfig config,
      List<SafetensorsFile> files,
      Map<String, TensorView> tensors) {
    this.directory = directory;
    this.config = config;
    this.files = files;
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /**
   * Opens a checkpoint and validates the headers of its weights.
   *
   * @throws ModelFilesException when a file is missing or malformed, or when all weights are
   *     pickled
   * @throws IOException when a file cannot be read
   */
  public static Checkpoint open(Path directory) throws IOException {
    ModelConfig config = ModelConfig.read(directory.resolve(ModelConfig.FILE));
    var problem = WeightFiles.problem(fileNames(directory));
    if (problem.isPresent()) {
      throw problem.get();
    }
    List<SafetensorsFile> files = new ArrayList<>();
    try {
      Map<String, TensorView> tensors =
          Files.exists(directory.resolve(WeightFiles.SINGLE))
              ? openFile(directory, WeightFiles.SINGLE, files).tensors()
              : openShards(directory, files);
      return new Checkpoint(directory, config, files, tensors);
    } catch (IOException | RuntimeException e) {
      files.forEach(SafetensorsFile::close);
      throw e;
    }
  }

  /** Plain names of the files in a directory. */
  static List<String> fileNames(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new ModelFilesException(Reason.MISSING_FILE, directory + " is not a directory");
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private static Map<String, TensorView> openShards(Path directory, List<SafetensorsFile> files)
      throws IOException {
    ShardIndex index = ShardIndex.read(directory.resolve(WeightFiles.INDEX));
    Map<String, TensorView> tensors = new LinkedHashMap<>();
    for (String shard : index.shards()) {
      if (!Files.isRegularFile(directory.resolve(shard))) {
        throw new ModelFilesException(
            Reason.MISSING_FILE,
            "%s names the shard %s, which is missing".formatted(WeightFiles.INDEX, shard));
      }
      for (TensorView tensor : openFile(directory, shard, files).tensors().values()) {
        if (!shard.equals(index.shardOf().get(tensor.name()))) {
          throw ShardIndex.malformed(
              "maps %s to %s, but it is in %s"
                  .formatted(tensor.name(), index.shardOf().get(tensor.name()), shard));
        }
        tensors.put(tensor.name(), tensor);
      }
    }
    for (Map.Entry<String, String> entry : index.shardOf().entrySet()) {
      if (!tensors.containsKey(entry.getKey())) {
        throw ShardIndex.malformed(
            "maps %s to %s, which does not hold it".formatted(entry.getKey(), entry.getValue()));
      }
    }
    return tensors;
  }

  private static SafetensorsFile openFile(Path directory, String name, List<SafetensorsFile> files)
      throws IOException {
    try {
      SafetensorsFile file = SafetensorsFile.open(directory.resolve(name));
      files.add(file);
      return file;
    } catch (SafetensorsException e) {
      throw new ModelFilesException(Reason.MALFORMED_SAFETENSORS, e.getMessage(), e);
    }
  }

  public Path directory() {
    return directory;
  }

  public ModelConfig config() {
    return config;
  }

  /** All weights by name. */
  public Map<String, TensorView> tensors() {
    return tensors;
  }

  /** Number of elements of all weights. */
  public long parameterCount() {
    return tensors.values().stream().mapToLong(TensorView::elements).sum();
  }

  /** Closing twice does nothing more. */
  @Override
  public void close() {
    files.forEach(SafetensorsFile::close);
    files.clear();
  }
}
