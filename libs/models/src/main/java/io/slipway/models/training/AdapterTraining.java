package io.slipway.models.training;

import io.slipway.modelfiles.adapter.AdapterCheckpoint;
import io.slipway.modelfiles.adapter.AdapterConfig;
import io.slipway.modelfiles.adapter.AdapterWriter;
import io.slipway.modelfiles.adapter.AdapterWriter.Source;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Parameter;
import io.slipway.models.layers.Role;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.pass.Adapter;
import io.slipway.models.layers.pass.LinearChange;
import io.slipway.models.layers.pass.LinearChange.LowRank;
import io.slipway.models.runtime.Scope;
import io.slipway.models.runtime.Seed;
import io.slipway.models.runtime.Tensors;
import io.slipway.models.training.run.TrainedWeights;
import io.slipway.models.training.run.TrainingFiles;
import io.slipway.models.training.settings.LoraSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * An adapter in training. Owns its tensors; all here runs on the compute thread.
 *
 * @param config as it is written
 * @param changes by the path of the layer
 */
record AdapterTraining(AdapterConfig config, Map<String, LowRank> changes, Adapter adapter)
    implements AutoCloseable {

  private static final String A = ".lora_A.weight";
  private static final String B = ".lora_B.weight";
  private static final String WEIGHT = ".weight";

  /** Begins an adapter: its changes are nothing yet, since B is zero. */
  static AdapterTraining begin(AdapterTargets targets, Weights weights, Seed seed) {
    AdapterConfig config = targets.config();
    Map<String, LowRank> changes = new LinkedHashMap<>();
    targets
        .layers()
        .forEach(
            (path, layer) -> {
              long rank = config.ranks().rank(path);
              Tensor a = Scope.keep(Scope.result(() -> fresh(layer, rank, weights, seed)));
              Tensor b = Scope.keep(Scope.result(() -> zeros(weights, layer.outputs(), rank)));
              changes.put(layer.name(), trained(a, b, config.ranks().scale(path), config));
            });
    return of(config, changes);
  }

  /** Goes on with an adapter. */
  static AdapterTraining resume(AdapterTargets targets, LoadedModel<?> model, Path from)
      throws IOException {
    AdapterConfig config = targets.config();
    try (AdapterCheckpoint files = AdapterCheckpoint.open(from)) {
      Map<String, LowRank> changes = new LinkedHashMap<>();
      model
          .continued(files)
          .forEach(
              (name, change) ->
                  changes.put(name, trained(change.a(), change.b(), change.scale(), config)));
      List<String> expected = targets.layers().values().stream().map(Linear::name).toList();
      if (!changes.keySet().equals(Set.copyOf(expected))) {
        AdapterTraining unusable = of(config, changes);
        unusable.close();
        throw new IllegalArgumentException(
            "the adapter to go on with changes %s, but its configuration says %s"
                .formatted(changes.keySet(), expected));
      }
      return of(config, changes);
    }
  }

  private static AdapterTraining of(AdapterConfig config, Map<String, LowRank> changes) {
    Map<String, LinearChange> all = new LinkedHashMap<>(changes);
    return new AdapterTraining(config, changes, new Adapter(all));
  }

  private static LowRank trained(Tensor a, Tensor b, double scale, AdapterConfig config) {
    a.set_requires_grad(true);
    b.set_requires_grad(true);
    return new LowRank(a, b, scale, config.dropout());
  }

  /** Uniform within 1 / sqrt(inputs), as the reference's layers begin. */
  private static Tensor fresh(Linear layer, long rank, Weights weights, Seed seed) {
    double bound = 1 / Math.sqrt(layer.inputs());
    return zeros(weights, rank, layer.inputs())
        .uniform_(
            -bound, bound, new GeneratorOptional(weights.generator(seed.derive(layer.name()))));
  }

  private static Tensor zeros(Weights weights, long... shape) {
    return torch.zeros(shape).to(weights.device().handle(), ScalarType.Float);
  }

  /** What the run moves: the adapter and the weights that are trained whole. */
  TrainedWeights trained(Weights weights) {
    List<Parameter> own = new ArrayList<>();
    changes.forEach(
        (name, change) -> {
          own.add(new Parameter(name + A, Role.MATRIX, change.a()));
          own.add(new Parameter(name + B, Role.MATRIX, change.b()));
        });
    List<Parameter> whole = weights.trained();
    List<Parameter> buffers =
        weights.parameters().stream().filter(p -> p.role() == Role.BUFFER).toList();
    return new TrainedWeights(
        Stream.concat(own.stream(), whole.stream()).toList(),
        Stream.of(own, whole, buffers).flatMap(List::stream).toList(),
        adapter);
  }

  /** Writes the adapter in PEFT's layout. */
  void save(Path directory, Weights weights) throws IOException {
    AdapterWriter writer = new AdapterWriter(config);
    changes.forEach(
        (name, change) ->
            writer.lowRank(weights.names().path(name), source(change.a()), source(change.b())));
    weights.trained().forEach(whole -> writer.saved(whole.name(), source(whole.tensor())));
    writer.write(directory, true);
  }

  private static Source source(Tensor tensor) {
    return new Source(
        Tensors.dtype(tensor), Tensors.shape(tensor), () -> TrainingFiles.memory(tensor));
  }

  /** What becomes of each of the model's weights, by its name. */
  BiFunction<String, Tensor, Tensor> changed(Weights weights) {
    for (String layer : changes.keySet()) {
      if (linear(weights, layer).isShared()) {
        throw new IllegalStateException(
            layer + " is changed, but shares its weight with the embeddings, which are not");
      }
    }
    return (name, tensor) -> {
      String layer = name.endsWith(WEIGHT) ? LoraSettings.moduleOf(name) : name;
      LowRank change = changes.get(layer);
      return change == null ? tensor : linear(weights, layer).changedWeight(change);
    };
  }

  private static Linear linear(Weights weights, String name) {
    return weights
        .linear(name)
        .orElseThrow(() -> new IllegalStateException("no linear layer " + name));
  }

  @Override
  public void close() {
    adapter.close();
  }
}
