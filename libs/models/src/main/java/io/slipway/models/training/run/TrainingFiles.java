package io.slipway.models.training.run;

import io.slipway.modelfiles.safetensors.SafetensorsFile;
import io.slipway.modelfiles.safetensors.SafetensorsWriter;
import io.slipway.modelfiles.safetensors.TensorView;
import io.slipway.models.layers.Parameter;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import io.slipway.models.training.run.AdamW.Moments;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of a run between two steps: {@code model.safetensors} with the weights, {@code
 * optimizer.safetensors} with their moments, and {@code training.json}, which is written last and
 * makes the directory complete.
 */
public final class TrainingFiles {

  public static final String MODEL = "model.safetensors";
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final String STATE = "training.json";
  private static final JsonMapper JSON = new JsonMapper();

  private TrainingFiles() {}

  static void save(
      Path directory,
      Collection<Parameter> changing,
      Collection<Parameter> trained,
      AdamW optimizer,
      RunState state)
      throws IOException {
    Files.createDirectories(directory);
    Files.deleteIfExists(directory.resolve(STATE));
    saveWeights(directory.resolve(MODEL), changing);
    Map<String, Tensor> moments = new LinkedHashMap<>();
    for (Parameter parameter : trained) {
      Moments of = optimizer.moments(parameter.name());
      moments.put(meanOf(parameter), of.mean());
      moments.put(squareOf(parameter), of.square());
      moments.put(stepsOf(parameter), of.steps());
    }
    write(directory.resolve(OPTIMIZER), moments);
    Path draft = directory.resolve(STATE + ".part");
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      channel.write(ByteBuffer.wrap(JSON.writeValueAsBytes(state)));
      channel.force(true);
    }
    Files.move(draft, directory.resolve(STATE), StandardCopyOption.ATOMIC_MOVE);
  }

  static void saveWeights(Path file, Collection<Parameter> parameters) throws IOException {
    saveWeights(file, parameters, (name, tensor) -> tensor);
  }

  /**
   * Writes weights.
   *
   * @param change made of each when it is written
   */
  public static void saveWeights(
      Path file, Collection<Parameter> parameters, BiFunction<String, Tensor, Tensor> change)
      throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
    parameters.forEach(
        parameter -> {
          Tensor tensor = parameter.tensor();
          writer.tensor(
              parameter.name(),
              Tensors.dtype(tensor),
              Tensors.shape(tensor),
              () -> memory(change.apply(parameter.name(), tensor)));
        });
    writer.write(file, true);
  }

  /** What a file holds of a tensor. */
  public static MemorySegment memory(Tensor tensor) {
    return Tensors.memory(
        tensor.detach().to(ComputeDevice.CPU.handle(), tensor.scalar_type()).contiguous());
  }

  static RunState load(
      Path directory,
      Collection<Parameter> changing,
      Collection<Parameter> trained,
      AdamW optimizer,
      RunState run)
      throws IOException {
    RunState saved = readState(directory);
    if (!run.continues(saved)) {
      throw new IllegalArgumentException(
          "the checkpoint is of another run: it has %s, this one %s".formatted(saved, run));
    }
    try (SafetensorsFile weights = SafetensorsFile.open(directory.resolve(MODEL));
        SafetensorsFile moments = SafetensorsFile.open(directory.resolve(OPTIMIZER))) {
      for (Parameter parameter : changing) {
        restore(weights, parameter.name(), parameter.tensor());
      }
      for (Parameter parameter : trained) {
        Moments of = optimizer.moments(parameter.name());
        restore(moments, meanOf(parameter), of.mean());
        restore(moments, squareOf(parameter), of.square());
        restore(moments, stepsOf(parameter), of.steps());
      }
    }
    return saved;
  }

  private static RunState readState(Path directory) throws IOException {
    try {
      return JSON.readValue(Files.readAllBytes(directory.resolve(STATE)), RunState.class);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          directory.getFileName() + " is not a complete checkpoint: it has no " + STATE, e);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(STATE + " cannot be read: " + e.getOriginalMessage(), e);
    }
  }

  private static void restore(SafetensorsFile file, String name, Tensor into) {
    TensorView view = file.tensors().get(name);
    List<Long> shape = LongStream.of(into.shape()).boxed().toList();
    if (view == null || !view.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "%s has no tensor %s of shape %s".formatted(file.path().getFileName(), name, shape));
    }
    into.copy_(Tensors.view(view));
  }

  private static void write(Path file, Map<String, Tensor> tensors) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
    tensors.forEach(
        (name, tensor) ->
            writer.tensor(
                name,
                Tensors.dtype(tensor),
                LongStream.of(tensor.shape()).boxed().toList(),
                () -> memory(tensor)));
    writer.write(file, true);
  }

  private static String meanOf(Parameter parameter) {
    return "exp_avg." + parameter.name();
  }

  private static String stepsOf(Parameter parameter) {
    return "step." + parameter.name();
  }

  private static String squareOf(Parameter parameter) {
    return "exp_avg_sq." + parameter.name();
  }
}
