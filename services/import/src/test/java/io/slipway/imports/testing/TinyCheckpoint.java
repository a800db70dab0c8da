package io.slipway.imports.testing;

import io.slipway.modelfiles.safetensors.Dtype;
import io.slipway.modelfiles.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A repository with a small but real checkpoint: a BERT classifier with random weights. */
public final class TinyCheckpoint {

  private final Path directory;

  private TinyCheckpoint(Path directory) {
    this.directory = directory;
  }

  /**
   * @param weights number of floats
   * @param labels its classes
   */
  public static TinyCheckpoint write(Path directory, int weights, String... labels) {
    TinyCheckpoint checkpoint = new TinyCheckpoint(directory);
    checkpoint
        .config("bert", "BertForSequenceClassification", labels)
        .file(
            "tokenizer.json",
            "{\"version\":\"1.0\",\"model\":{\"type\":\"WordPiece\",\"vocab\":{}}}")
        .file("tokenizer_config.json", "{\"model_max_length\":64}")
        .file("README.md", "---\nlicense: apache-2.0\npipeline_tag: text-classification\n---\n")
        .weights("model.safetensors", weights);
    return checkpoint;
  }

  public TinyCheckpoint config(String modelType, String architecture, String... labels) {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < labels.length; i++) {
      names.append(i == 0 ? "" : ",").append("\"%d\":\"%s\"".formatted(i, labels[i]));
    }
    return file(
        "config.json",
        "{\"model_type\":\"%s\",\"architectures\":[\"%s\"]%s}"
            .formatted(
                modelType,
                architecture,
                labels.length == 0 ? "" : ",\"id2label\":{" + names + "}"));
  }

  public TinyCheckpoint weights(String name, int count) {
    float[] values = new float[count];
    // Other weights each time: the store brings nothing twice.
    Random random = new Random();
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat();
    }
    try {
      Files.createDirectories(directory);
      new SafetensorsWriter()
          .metadata("format", "pt")
          .tensor(
              "classifier.weight",
              Dtype.F32,
              List.of((long) count),
              () -> MemorySegment.ofArray(values))
          .write(directory.resolve(name), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Replaces the weights by a file with this header and so many bytes of data. */
  public TinyCheckpoint rawWeights(String header, long announcedLength, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(announcedLength).put(json);
    return bytes("model.safetensors", bytes.array());
  }

  /** Cuts the last bytes off the weights. */
  public TinyCheckpoint truncatedBy(int count) {
    Path file = directory.resolve("model.safetensors");
    try {
      byte[] whole = Files.readAllBytes(file);
      return bytes("model.safetensors", Arrays.copyOf(whole, whole.length - count));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public TinyCheckpoint file(String name, String text) {
    return bytes(name, text.getBytes(StandardCharsets.UTF_8));
  }

  public TinyCheckpoint without(String name) {
    try {
      Files.delete(directory.resolve(name));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TinyCheckpoint bytes(String name, byte[] content) {
    try {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
