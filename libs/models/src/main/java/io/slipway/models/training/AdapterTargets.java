package io.slipway.models.training;

import io.slipway.modelfiles.adapter.AdapterConfig;
import io.slipway.modelfiles.adapter.ModuleNames.Named;
import io.slipway.modelfiles.adapter.TargetModules.AllLinear;
import io.slipway.modelfiles.adapter.TargetModules.Chosen;
import io.slipway.modelfiles.adapter.TargetModules.InLayers;
import io.slipway.models.architecture.Head;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.Parameter;
import io.slipway.models.layers.Weights;
import io.slipway.models.training.settings.LoraSettings;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What of a model an adapter changes, and what is trained whole beside it.
 *
 * @param config as it is written
 * @param layers by the path that the reference has for them
 */
record AdapterTargets(AdapterConfig config, Map<String, Linear> layers) {

  /** What most models call the layer that scores tokens; else it is the last that they have. */
  private static final String OUTPUT = "lm_head";

  private static final Set<Head<?>> TOKEN_SCORING =
      Set.of(Head.MASKED_LM, Head.CAUSAL_LM, Head.SEQ2SEQ_LM);

  /**
   * Finds them.
   *
   * @throws IllegalArgumentException when the settings name what the model does not have, or what
   *     cannot be kept apart from the rest of it
   */
  static AdapterTargets of(LoraSettings settings, Head<?> head, Weights weights) {
    Set<String> saved = new LinkedHashSet<>(settings.config().modulesToSave());
    AdapterConfig asked = settings.config(head, saved, false);
    for (Parameter parameter : weights.trained()) {
      String module = LoraSettings.moduleOf(parameter.name());
      if (!asked.saves(module)) {
        saved.add(module);
      }
    }
    AdapterConfig config = settings.config(head, saved, false);
    Map<String, Linear> layers = new LinkedHashMap<>();
    weights.linears().forEach(layer -> layers.put(weights.names().path(layer.name()), layer));
    List<String> linears = List.copyOf(layers.keySet());
    Set<String> targets = config.targetsAmong(linears, outputLayer(head, layers));
    requireAll(config, linears, targets);
    refuseShared(weights);
    layers.keySet().retainAll(targets);
    boolean transposed = layers.values().stream().anyMatch(Linear::isTransposed);
    return new AdapterTargets(settings.config(head, saved, transposed), layers);
  }

  /** The layer that scores tokens, where the model has one. */
  private static Optional<String> outputLayer(Head<?> head, Map<String, Linear> layers) {
    if (!TOKEN_SCORING.contains(head)) {
      return Optional.empty();
    }
    if (layers.containsKey(OUTPUT)) {
      return Optional.of(OUTPUT);
    }
    return layers.entrySet().stream()
        .filter(layer -> layer.getValue().isShared())
        .map(Map.Entry::getKey)
        .findFirst()
        .or(() -> layers.keySet().stream().reduce((first, second) -> second));
  }

  /** Every name has to mean a linear layer, so that none is left out in silence. */
  private static void requireAll(AdapterConfig config, List<String> linears, Set<String> targets) {
    List<String> names =
        switch (config.targetModules()) {
          case AllLinear all -> List.of();
          case Chosen chosen -> chosen.modules() instanceof Named named ? named.names() : List.of();
          case InLayers inLayers -> inLayers.modules().names();
        };
    for (String name : names) {
      if (linears.stream().noneMatch(new Named(List.of(name))::contains)) {
        throw new IllegalArgumentException(
            "target_modules has \"%s\", but no linear layer of the model has that name: %s"
                .formatted(name, shortNames(linears)));
      }
    }
    if (targets.isEmpty()) {
      throw new IllegalArgumentException(
          "target_modules matches no linear layer of the model: " + shortNames(linears));
    }
  }

  private static List<String> shortNames(List<String> linears) {
    return linears.stream()
        .map(name -> name.substring(name.lastIndexOf('.') + 1))
        .distinct()
        .toList();
  }

  /** A module that is trained whole must be its own: PEFT would untie one that is shared. */
  private static void refuseShared(Weights weights) {
    for (Linear layer : weights.linears()) {
      for (Parameter parameter : weights.trained()) {
        if (layer.isShared() && layer.sharesWeightWith(parameter.tensor())) {
          throw new IllegalArgumentException(
              "modules_to_save names %s, whose weight %s shares: it cannot be saved apart from it"
                  .formatted(LoraSettings.moduleOf(parameter.name()), layer.name()));
        }
      }
    }
  }
}
