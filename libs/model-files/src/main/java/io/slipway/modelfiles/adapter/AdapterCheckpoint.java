package io.slipway.modelfiles.adapter;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.modelfiles.safetensors.SafetensorsException;
import io.slipway.modelfiles.safetensors.SafetensorsFile;
import io.slipway.modelfiles.safetensors.TensorView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;

/**
 * An adapter's directory, opened: its configuration read, its tensors mapped and found to fit it.
 * Whether they fit a model is for whoever loads it there.
 *
 * <p>Owns the mapping: tensors are valid until {@link #close()}.
 */
public final class AdapterCheckpoint implements AutoCloseable {

  /** Name of the file with the tensors. */
  public static final String WEIGHTS = "adapter_model.safetensors";

  private static final String PICKLED = "adapter_model.bin";

  private final AdapterConfig config;
  private final SafetensorsFile file;
  private final AdapterTensors tensors;

  private AdapterCheckpoint(AdapterConfig config, SafetensorsFile file, AdapterTensors tensors) {
    this.config = config;
    this.file = file;
    this.tensors = tensors;
  }

  /**
   * Opens an adapter.
   *
   * @throws ModelFilesException when a file is missing, malformed or pickled, when the adapter is
   *     not plain LoRA on linear layers, or when tensors and configuration contradict each other
   * @throws IOException when a file cannot be read
   */
  public static AdapterCheckpoint open(Path directory) throws IOException {
    AdapterConfig config = AdapterConfig.read(directory);
    SafetensorsFile file = openWeights(directory);
    try {
      return new AdapterCheckpoint(config, file, AdapterTensors.of(config, file.tensors()));
    } catch (ModelFilesException e) {
      file.close();
      throw e;
    }
  }

  private static SafetensorsFile openWeights(Path directory) throws IOException {
    if (!Files.isRegularFile(directory.resolve(WEIGHTS))) {
      throw Files.exists(directory.resolve(PICKLED))
          ? new ModelFilesException(
              Reason.PICKLED_WEIGHTS_ONLY,
              "the adapter's only weights are pickled (%s), which can run code when read; accepted is %s"
                  .formatted(PICKLED, WEIGHTS))
          : new ModelFilesException(Reason.MISSING_FILE, "the adapter has no " + WEIGHTS);
    }
    try {
      return SafetensorsFile.open(directory.resolve(WEIGHTS));
    } catch (SafetensorsException e) {
      throw new ModelFilesException(Reason.MALFORMED_SAFETENSORS, e.getMessage(), e);
    }
  }

  public AdapterConfig config() {
    return config;
  }

  /** Changes of linear layers, by the layer's path. */
  public Map<String, LowRankTensors> lowRank() {
    return Collections.unmodifiableMap(tensors.lowRank());
  }

  /** Tensors of modules that were trained whole, by the names that they have in the model. */
  public Map<String, TensorView> saved() {
    return Collections.unmodifiableMap(tensors.saved());
  }

  @Override
  public void close() {
    file.close();
  }
}
