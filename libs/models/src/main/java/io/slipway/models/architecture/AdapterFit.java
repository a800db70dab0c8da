package io.slipway.models.architecture;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.modelfiles.adapter.AdapterCheckpoint;
import io.slipway.modelfiles.adapter.LowRankTensors;
import io.slipway.modelfiles.safetensors.TensorView;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Parameter;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.pass.Adapter;
import io.slipway.models.layers.pass.LinearChange;
import io.slipway.models.layers.pass.LinearChange.LowRank;
import io.slipway.models.layers.pass.LinearChange.Replacement;
import io.slipway.models.runtime.Scope;
import io.slipway.models.runtime.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** An adapter's files and the model that they are for. */
record AdapterFit(AdapterCheckpoint files, Weights weights) {

  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";

  /** Changes that rows of a batch can go through; the caller owns it. */
  Adapter adapter() {
    Map<String, LinearChange> changes = new LinkedHashMap<>();
    boolean complete = false;
    try {
      files.lowRank().values().forEach(change -> changes.put(layer(change).name(), kept(change)));
      savedLayers().forEach((name, layer) -> changes.put(name, replacement(layer)));
      complete = true;
      return new Adapter(changes);
    } finally {
      if (!complete) {
        new Adapter(changes).close();
      }
    }
  }

  private LowRank kept(LowRankTensors change) {
    return new LowRank(kept(change.a()), kept(change.b()), change.scale(), 0);
  }

  private Tensor kept(TensorView view) {
    return Scope.keep(Scope.result(() -> copy(view, weights.activations())));
  }

  private Tensor copy(TensorView view, ScalarType type) {
    return Tensors.copy(Tensors.view(view), weights.device(), type);
  }

  private Map<String, Linear> savedLayers() {
    Map<String, Linear> layers = new LinkedHashMap<>();
    for (String name : files.saved().keySet()) {
      String canonical = canonical(name);
      String module = canonical.substring(0, canonical.lastIndexOf('.'));
      @Nullable Linear layer = weights.linear(module).orElse(null);
      if (layer == null) {
        throw parameter(name) == null
            ? stranger(name)
            : unsupported(
                "brings %s, which is of no linear layer and so the same for all rows: merge it into the model"
                    .formatted(name));
      }
      layers.put(module, layer);
    }
    return layers;
  }

  /** The files hold a whole layer: its weight, and its bias where it has one. */
  private Replacement replacement(Linear layer) {
    TensorView weight = saved(layer.name() + WEIGHT);
    if (layer.isTransposed()) {
      throw unsupported(
          "brings %s whole, which is stored transposed: merge it into the model"
              .formatted(layer.name()));
    }
    if (weight.shape().size() != 2 || weight.shape().get(1) != layer.inputs()) {
      throw mismatch(
          "%s has shape %s, expected [outputs, %d]"
              .formatted(weight.name(), weight.shape(), layer.inputs()));
    }
    if (!layer.isBiased()) {
      return new Replacement(kept(weight), null);
    }
    TensorView bias = saved(layer.name() + BIAS);
    if (!bias.shape().equals(List.of(weight.shape().getFirst()))) {
      throw mismatch(
          "%s has shape %s, expected [%d]"
              .formatted(bias.name(), bias.shape(), weight.shape().getFirst()));
    }
    return new Replacement(kept(weight), kept(bias));
  }

  private TensorView saved(String canonical) {
    return files.saved().entrySet().stream()
        .filter(entry -> canonical(entry.getKey()).equals(canonical))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(() -> mismatch("the adapter has no " + canonical));
  }

  /** Makes the changes a part of the weights. */
  void merge() {
    if (weights.precision().isQuantized()) {
      throw unsupported(
          "cannot be merged into weights of %s: merge it into the checkpoint first"
              .formatted(weights.precision()));
    }
    weights.unpack();
    try {
      mergeUnpacked();
    } finally {
      weights.pack();
    }
  }

  private void mergeUnpacked() {
    for (LowRankTensors change : files.lowRank().values()) {
      Linear layer = layer(change);
      refuseShared(layer.name() + WEIGHT);
      LowRank lowRank =
          new LowRank(
              copy(change.a(), ScalarType.Float),
              copy(change.b(), ScalarType.Float),
              change.scale(),
              0);
      weights.replace(required(layer.name() + WEIGHT), layer.changedWeight(lowRank));
    }
    files
        .saved()
        .forEach(
            (name, view) -> {
              refuseShared(canonical(name));
              weights.replace(fitting(name, view), Tensors.view(view));
            });
  }

  /** Its changes, and the modules that it brings whole as the model's own; shapes must agree. */
  Map<String, LowRank> continued() {
    Map<String, LowRank> changes = new LinkedHashMap<>();
    boolean complete = false;
    try {
      files.lowRank().values().forEach(change -> changes.put(layer(change).name(), kept(change)));
      files
          .saved()
          .forEach((name, view) -> fitting(name, view).tensor().detach().copy_(Tensors.view(view)));
      complete = true;
      return changes;
    } finally {
      if (!complete) {
        new Adapter(new LinkedHashMap<>(changes)).close();
      }
    }
  }

  private Parameter fitting(String name, TensorView view) {
    Parameter parameter = parameter(name);
    if (parameter == null) {
      throw stranger(name);
    }
    List<Long> shape = Tensors.shape(parameter.tensor());
    if (!view.shape().equals(shape)) {
      throw mismatch("%s has shape %s, expected %s".formatted(name, view.shape(), shape));
    }
    return parameter;
  }

  /** A merged weight would change for every layer that shares it, which is not what was trained. */
  private void refuseShared(String name) {
    for (Linear layer : weights.linears()) {
      boolean sameLayer = name.equals(layer.name() + WEIGHT);
      boolean sameTable =
          weights
              .parameter(name)
              .filter(parameter -> layer.sharesWeightWith(parameter.tensor()))
              .isPresent();
      if (layer.isShared() && (sameLayer || sameTable)) {
        throw unsupported("changes %s, a weight that %s shares".formatted(name, layer.name()));
      }
    }
  }

  private Parameter required(String name) {
    return weights.parameter(name).orElseThrow(() -> stranger(name));
  }

  private @Nullable Parameter parameter(String name) {
    return weights.parameter(canonical(name)).orElse(null);
  }

  /** Adapters of a model without a head lack the prefix that it has in those with one. */
  private String canonical(String name) {
    int dot = name.lastIndexOf('.');
    String path = weights.names().layer(name.substring(0, dot)) + name.substring(dot);
    boolean known =
        weights.parameter(path).isPresent()
            || weights.linear(path.substring(0, path.lastIndexOf('.'))).isPresent();
    return known ? path : weights.names().canonical(path, Set.of(path));
  }

  private Linear layer(LowRankTensors change) {
    String weight = canonical(change.module() + WEIGHT);
    Linear layer =
        weights
            .linear(weight.substring(0, weight.lastIndexOf('.')))
            .orElseThrow(
                () ->
                    mismatch(
                        "the adapter changes %s, which is no linear layer of the model"
                            .formatted(change.module())));
    long inputs = change.a().shape().get(1);
    long outputs = change.b().shape().get(0);
    if (inputs != layer.inputs() || outputs != layer.outputs()) {
      throw mismatch(
          "the adapter's change of %s is for %d inputs and %d outputs, but the model has %d and %d"
              .formatted(change.module(), inputs, outputs, layer.inputs(), layer.outputs()));
    }
    return layer;
  }

  private static ModelFilesException stranger(String name) {
    return mismatch("the adapter brings %s, which the model does not have".formatted(name));
  }

  private static ModelFilesException mismatch(String problem) {
    return new ModelFilesException(Reason.WEIGHTS_MISMATCH, problem);
  }

  private static ModelFilesException unsupported(String problem) {
    return new ModelFilesException(Reason.UNSUPPORTED_CONFIG, "the adapter " + problem);
  }
}
