package io.slipway.modelfiles.adapter;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.modelfiles.adapter.AdapterNames.Foreign;
import io.slipway.modelfiles.safetensors.TensorView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tensors of an adapter, sorted by what they are for. */
record AdapterTensors(Map<String, LowRankTensors> lowRank, Map<String, TensorView> saved) {

  private static final int PROBLEMS_SHOWN = 20;

  /**
   * Sorts the tensors of a file.
   *
   * @throws ModelFilesException UNSUPPORTED_CONFIG or WEIGHTS_MISMATCH, naming those that are not
   *     what the configuration says
   */
  static AdapterTensors of(AdapterConfig config, Map<String, TensorView> file) {
    AdapterTensors tensors = new AdapterTensors(new LinkedHashMap<>(), new LinkedHashMap<>());
    List<String> problems = new ArrayList<>();
    for (TensorView tensor : file.values()) {
      tensors.add(config, file, tensor).ifPresent(problems::add);
    }
    if (!problems.isEmpty()) {
      int more = problems.size() - PROBLEMS_SHOWN;
      throw new ModelFilesException(
          Reason.WEIGHTS_MISMATCH,
          "%s does not fit %s: %s%s"
              .formatted(
                  AdapterCheckpoint.WEIGHTS,
                  AdapterConfig.FILE,
                  String.join("; ", problems.subList(0, Math.min(problems.size(), PROBLEMS_SHOWN))),
                  more > 0 ? ", and %d more".formatted(more) : ""));
    }
    return tensors;
  }

  /** What is wrong with a tensor; empty when it was added. */
  private Optional<String> add(
      AdapterConfig config, Map<String, TensorView> file, TensorView tensor) {
    String name = tensor.name();
    if (!name.startsWith(AdapterNames.PREFIX)) {
      return Optional.of("%s does not begin with %s".formatted(name, AdapterNames.PREFIX));
    }
    String path = name.substring(AdapterNames.PREFIX.length());
    if (!tensor.dtype().isFloatingPoint()) {
      return Optional.of(
          "%s is %s, expected a floating-point type".formatted(name, tensor.dtype()));
    }
    if (path.endsWith(AdapterNames.A)) {
      String module = path.substring(0, path.length() - AdapterNames.A.length());
      TensorView b = file.get(AdapterNames.PREFIX + module + AdapterNames.B);
      return b == null
          ? Optional.of(name + " has no lora_B beside it")
          : addLowRank(config, module, tensor, b);
    }
    if (path.endsWith(AdapterNames.B)) {
      String module = name.substring(0, name.length() - AdapterNames.B.length());
      return file.containsKey(module + AdapterNames.A)
          ? Optional.empty()
          : Optional.of(name + " has no lora_A beside it");
    }
    Optional<Foreign> foreign = Foreign.of(path);
    if (foreign.isPresent()) {
      throw new ModelFilesException(
          Reason.UNSUPPORTED_CONFIG,
          "%s has %s, %s, which is not supported; supported: low-rank changes of linear layers, and whole modules"
              .formatted(AdapterCheckpoint.WEIGHTS, name, foreign.get().meaning()));
    }
    int dot = path.lastIndexOf('.');
    if (dot < 0 || !config.saves(path.substring(0, dot))) {
      return Optional.of(name + " belongs to no module that modules_to_save names");
    }
    saved.put(path, tensor);
    return Optional.empty();
  }

  private Optional<String> addLowRank(
      AdapterConfig config, String module, TensorView a, TensorView b) {
    if (!config.targets(module)) {
      return Optional.of(a.name() + " changes a module that target_modules does not name");
    }
    if (a.shape().size() == 4) {
      throw new ModelFilesException(
          Reason.UNSUPPORTED_CONFIG,
          "%s has %s of shape %s, a change of a convolution, which is not supported; supported: linear layers"
              .formatted(AdapterCheckpoint.WEIGHTS, a.name(), a.shape()));
    }
    long rank = config.ranks().rank(module);
    if (a.shape().size() != 2 || a.shape().get(0) != rank) {
      return Optional.of(
          "%s has shape %s, expected [%d, inputs]".formatted(a.name(), a.shape(), rank));
    }
    if (b.shape().size() != 2 || b.shape().get(1) != rank) {
      return Optional.of(
          "%s has shape %s, expected [outputs, %d]".formatted(b.name(), b.shape(), rank));
    }
    lowRank.put(module, new LowRankTensors(module, a, b, config.ranks().scale(module)));
    return Optional.empty();
  }
}
