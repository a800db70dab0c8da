package io.slipway.modelfiles;

import io.slipway.modelfiles.safetensors.Dtype;
import io.slipway.modelfiles.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Builds checkpoints for tests; every method replaces a file and returns the builder. */
final class CheckpointFiles {

  static final String CONFIG =
      """
      {"model_type": "bert", "architectures": ["BertForSequenceClassification"],
       "id2label": {"0": "no", "1": "yes"}, "dtype": "float32"}
      """;

  private final Path directory;

  private CheckpointFiles(Path directory) {
    this.directory = directory;
  }

  /** A checkpoint with a configuration, a tokenizer and one small weight. */
  static CheckpointFiles complete(Path directory) {
    return new CheckpointFiles(directory)
        .with("config.json", CONFIG)
        .with("tokenizer.json", "{\"model\": {}}")
        .with("tokenizer_config.json", "{}")
        .weights("model.safetensors", "classifier.bias");
  }

  CheckpointFiles with(String name, String content) {
    try {
      Files.writeString(directory.resolve(name), content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  CheckpointFiles without(String name) {
    try {
      Files.delete(directory.resolve(name));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  CheckpointFiles weights(String name, String... tensors) {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (String tensor : tensors) {
      writer.tensor(tensor, Dtype.F32, List.of(2L), () -> MemorySegment.ofArray(new float[2]));
    }
    try {
      writer.write(directory.resolve(name), false);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path directory() {
    return directory;
  }
}
