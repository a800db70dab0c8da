package io.slipway.modelfiles;

import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.modelfiles.image.ImagePreprocessor;
import io.slipway.modelfiles.safetensors.Dtype;
import io.slipway.modelfiles.safetensors.TensorView;
import io.slipway.modelfiles.tokenizer.TextTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonFactory;

/**
 * Verifies a checkpoint before it is registered: everything that can be known without running it.
 * Whether the weights fit the architecture, tensor by tensor, shows when the engine loads it.
 */
public final class CheckpointInspection {

  static final String TOKENIZER = "tokenizer.json";

  private static final Set<Task> GENERATING =
      Set.of(Task.TEXT_GENERATION, Task.SUMMARIZATION, Task.TRANSLATION);

  private CheckpointInspection() {}

  /**
   * Inspects a directory in the Hub's layout.
   *
   * @throws ModelFilesException naming the first thing that is wrong
   * @throws IOException when a file cannot be read
   */
  public static InspectedCheckpoint inspect(Path directory) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      ModelConfig config = checkpoint.config();
      ArchitectureSupport support = SupportedArchitectures.require(config);
      if (support.readsText()) {
        checkTokenizer(directory);
      } else {
        var _ = ImagePreprocessor.open(directory);
      }
      if (support.answers(Task.TEXT_CLASSIFICATION)) {
        config.problemType();
      }
      boolean labelled = support.serves().filter(Task::hasLabels).isPresent();
      if (support.serves().filter(GENERATING::contains).isPresent()) {
        GenerationDefaults.read(directory, config);
      }
      Map<Dtype, Long> parameters = new EnumMap<>(Dtype.class);
      long bytes = 0;
      for (TensorView tensor : checkpoint.tensors().values()) {
        parameters.merge(tensor.dtype(), tensor.elements(), Long::sum);
        bytes += tensor.data().byteSize();
      }
      return new InspectedCheckpoint(
          support.modelType(),
          support.architecture(),
          SupportedArchitectures.verdict(support, List.of()),
          labelled ? config.labels() : List.of(),
          checkpoint.parameterCount(),
          Map.copyOf(parameters),
          bytes,
          notes(directory, config, support));
    }
  }

  /** What stands for a tokenizer.json has to be made into one to be known as sound. */
  private static void checkTokenizer(Path directory) throws IOException {
    Path tokenizer = directory.resolve(TOKENIZER);
    if (!Files.isRegularFile(tokenizer)) {
      TextTokenizer.open(directory, Integer.MAX_VALUE).close();
      return;
    }
    try (JsonParser parser = new JsonFactory().createParser(Files.readAllBytes(tokenizer))) {
      boolean model = false;
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          model |= parser.currentName().equals("model");
          parser.nextToken();
          parser.skipChildren();
        }
      }
      if (!model) {
        throw new ModelFilesException(
            Reason.MALFORMED_TOKENIZER, TOKENIZER + " has no \"model\", so it is no tokenizer");
      }
    } catch (JacksonException e) {
      throw new ModelFilesException(
          Reason.MALFORMED_TOKENIZER,
          TOKENIZER + " is not valid JSON: " + e.getOriginalMessage(),
          e);
    }
  }

  private static List<String> notes(Path directory, ModelConfig config, ArchitectureSupport support)
      throws IOException {
    List<String> notes = new ArrayList<>();
    List<String> pickled =
        Checkpoint.fileNames(directory).stream().filter(WeightFiles::isPickled).toList();
    if (!pickled.isEmpty()) {
      notes.add(
          "Pickled weights beside the safetensors are ignored: "
              + String.join(", ", pickled)
              + ".");
    }
    if (config.has("auto_map")) {
      notes.add("It names code of its own (auto_map in config.json), which is never run.");
    }
    if (support.readsText() && !Files.exists(directory.resolve("tokenizer_config.json"))) {
      notes.add(
          "It has no tokenizer_config.json; inputs are limited by the model's positions alone.");
    }
    return List.copyOf(notes);
  }
}
