package io.slipway.modelfiles.adapter;

import io.slipway.modelfiles.safetensors.Dtype;
import io.slipway.modelfiles.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** Writes an adapter so that PEFT loads it. */
public final class AdapterWriter {

  private final AdapterConfig config;
  private final SafetensorsWriter weights = new SafetensorsWriter().metadata("format", "pt");

  public AdapterWriter(AdapterConfig config) {
    this.config = config;
  }

  /**
   * A tensor to be written.
   *
   * @param data gives its elements, little-endian and row-major, when it is written
   */
  public record Source(Dtype dtype, List<Long> shape, Supplier<MemorySegment> data) {

    public Source {
      shape = List.copyOf(shape);
    }
  }

  /**
   * Adds the change of a linear layer.
   *
   * @param module the layer's path in the model
   * @param a [rank, inputs]
   * @param b [outputs, rank]
   * @throws IllegalArgumentException when the configuration does not target the module or has
   *     another rank for it, since PEFT would not load what is written then
   */
  public AdapterWriter lowRank(String module, Source a, Source b) {
    long rank = config.ranks().rank(module);
    if (!config.targets(module)) {
      throw new IllegalArgumentException(module + " is none of the adapter's target modules");
    }
    if (a.shape().size() != 2 || a.shape().get(0) != rank) {
      throw new IllegalArgumentException(
          "A of %s has shape %s, expected [%d, inputs]".formatted(module, a.shape(), rank));
    }
    if (b.shape().size() != 2 || b.shape().get(1) != rank) {
      throw new IllegalArgumentException(
          "B of %s has shape %s, expected [outputs, %d]".formatted(module, b.shape(), rank));
    }
    add(module + AdapterNames.A, a);
    add(module + AdapterNames.B, b);
    return this;
  }

  /**
   * Adds a tensor of a module that was trained whole.
   *
   * @param name as in the model, such as {@code classifier.weight}
   * @throws IllegalArgumentException when the configuration does not save its module
   */
  public AdapterWriter saved(String name, Source tensor) {
    int dot = name.lastIndexOf('.');
    if (dot < 0 || !config.saves(name.substring(0, dot))) {
      throw new IllegalArgumentException(
          "%s belongs to none of the adapter's modules to save, %s"
              .formatted(name, config.modulesToSave()));
    }
    add(name, tensor);
    return this;
  }

  private void add(String name, Source tensor) {
    weights.tensor(AdapterNames.PREFIX + name, tensor.dtype(), tensor.shape(), tensor.data());
  }

  /**
   * Writes both files, replacing those that exist.
   *
   * @param directory made when there is none
   * @param sync whether to force the weights to the disk before returning
   */
  public void write(Path directory, boolean sync) throws IOException {
    Files.createDirectories(directory);
    weights.write(directory.resolve(AdapterCheckpoint.WEIGHTS), sync);
    Files.writeString(directory.resolve(AdapterConfig.FILE), config.toJson());
  }
}
