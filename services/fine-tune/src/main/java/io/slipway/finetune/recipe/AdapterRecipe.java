package io.slipway.finetune.recipe;

import static io.slipway.finetune.recipe.Hyperparameter.require;
import static io.slipway.finetune.recipe.Hyperparameter.requireOneOf;

import io.slipway.finetune.v1.LoraConfig;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.adapter.AdapterConfig;
import io.slipway.modelfiles.adapter.AdapterConfig.BaseModelName;
import io.slipway.modelfiles.adapter.AdapterRanks;
import io.slipway.modelfiles.adapter.ModuleNames;
import io.slipway.modelfiles.adapter.ModuleNames.Named;
import io.slipway.modelfiles.adapter.TargetModules;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How an adapter is trained.
 *
 * @param message with every default filled in
 * @param config as PEFT writes it
 */
public record AdapterRecipe(LoraConfig message, AdapterConfig config) {

  private static final int RANK = 8;
  private static final double ALPHA = 8;
  private static final String NO_BIAS = "none";
  private static final int HIGHEST_RANK = 4_096;
  private static final String RANK_RANGE = "1 to " + HIGHEST_RANK;
  private static final String ABOVE_ZERO = "a finite number above 0";

  /**
   * @param baseModel how the adapter's files name the model that it is for
   * @throws SlipwayException INVALID_ARGUMENT for a value that is out of range, or a name that no
   *     module of the base has
   */
  public static AdapterRecipe of(LoraConfig asked, String baseModel, BaseModules base) {
    LoraConfig filled = filled(asked);
    requireInRange(filled);
    requireNames(filled, base);
    AdapterConfig config = config(filled, baseModel);
    try {
      // Reading what was written compiles every expression.
      AdapterConfig read = AdapterConfig.parse(config.toJson());
      read.targetsAmong(base.matrices(), Optional.empty());
      return new AdapterRecipe(filled, read);
    } catch (ModelFilesException e) {
      throw SlipwayException.invalid(
          "hyperparameters.lora: "
              + String.valueOf(e.getMessage()).replace(AdapterConfig.FILE + ": ", "")
              + ".");
    }
  }

  private static LoraConfig filled(LoraConfig asked) {
    LoraConfig.Builder filled = asked.toBuilder();
    if (asked.getR() == 0) {
      filled.setR(RANK);
    }
    if (asked.getLoraAlpha() == 0) {
      filled.setLoraAlpha(ALPHA);
    }
    if (asked.getTargetModulesCount() == 0) {
      filled.addTargetModules(TargetModules.ALL_LINEAR);
    }
    if (asked.getBias().isEmpty()) {
      filled.setBias(NO_BIAS);
    }
    return filled.build();
  }

  private static void requireInRange(LoraConfig lora) {
    require("lora.r", lora.getR(), isRank(lora.getR()), RANK_RANGE);
    require("lora.lora_alpha", lora.getLoraAlpha(), isAlpha(lora.getLoraAlpha()), ABOVE_ZERO);
    double dropout = lora.getLoraDropout();
    require("lora.lora_dropout", dropout, dropout >= 0 && dropout < 1, "0 or more, below 1");
    requireOneOf("lora.bias", lora.getBias(), List.of(NO_BIAS));
    lora.getRankPatternMap()
        .forEach(
            (end, rank) ->
                require("lora.rank_pattern[" + end + "]", rank, isRank(rank), RANK_RANGE));
    lora.getAlphaPatternMap()
        .forEach(
            (end, alpha) ->
                require("lora.alpha_pattern[" + end + "]", alpha, isAlpha(alpha), ABOVE_ZERO));
    require(
        "lora.layers_to_transform",
        lora.getLayersToTransformList(),
        lora.getLayersToTransformList().stream().allMatch(layer -> layer >= 0),
        "indices from 0");
    boolean named = !lora.getTargetModulesList().contains(TargetModules.ALL_LINEAR);
    require(
        "lora.target_modules",
        lora.getTargetModulesList(),
        named || lora.getTargetModulesCount() == 1,
        "names of layers, or \"all-linear\" alone");
    require(
        "lora.layers_to_transform",
        lora.getLayersToTransformList(),
        named || lora.getLayersToTransformCount() == 0,
        "none where target_modules is \"all-linear\"");
  }

  private static boolean isRank(int rank) {
    return rank >= 1 && rank <= HIGHEST_RANK;
  }

  private static boolean isAlpha(double alpha) {
    return alpha > 0 && Double.isFinite(alpha);
  }

  private static void requireNames(LoraConfig lora, BaseModules base) {
    for (String name : lora.getTargetModulesList()) {
      require(
          "lora.target_modules",
          "\"" + name + "\"",
          name.equals(TargetModules.ALL_LINEAR) || (!name.isBlank() && base.mayHaveLinear(name)),
          "the name of a linear layer of the base, such as " + examples(base));
    }
    for (String name : lora.getModulesToSaveList()) {
      require(
          "lora.modules_to_save",
          "\"" + name + "\"",
          !name.isBlank() && base.mayHave(name),
          "the name of a module of the base or of its head");
    }
  }

  private static String examples(BaseModules base) {
    return base.matrices().stream()
        .map(module -> module.substring(module.lastIndexOf('.') + 1))
        .filter(name -> !name.endsWith("embeddings"))
        .distinct()
        .sorted()
        .limit(12)
        .toList()
        .toString();
  }

  private static AdapterConfig config(LoraConfig lora, String baseModel) {
    Optional<ModuleNames> excluded =
        lora.getExcludeModulesCount() == 0
            ? Optional.empty()
            : Optional.of(new Named(lora.getExcludeModulesList()));
    return new AdapterConfig(
        Optional.of(new BaseModelName(baseModel, Optional.empty())),
        Optional.empty(),
        targets(lora),
        excluded,
        new AdapterRanks(
            lora.getR(),
            lora.getLoraAlpha(),
            lora.getUseRslora(),
            longestFirst(lora.getRankPatternMap()),
            longestFirst(lora.getAlphaPatternMap())),
        lora.getLoraDropout(),
        new LinkedHashSet<>(lora.getModulesToSaveList()),
        false);
  }

  private static TargetModules targets(LoraConfig lora) {
    List<String> names = lora.getTargetModulesList();
    if (names.contains(TargetModules.ALL_LINEAR)) {
      return new TargetModules.AllLinear();
    }
    return lora.getLayersToTransformCount() == 0
        ? new TargetModules.Chosen(new Named(names))
        : new TargetModules.InLayers(new Named(names), lora.getLayersToTransformList(), List.of());
  }

  /** A message's maps have no order of their own, but the first pattern that matches counts. */
  private static <T> Map<String, T> longestFirst(Map<String, T> patterns) {
    Map<String, T> ordered = new LinkedHashMap<>();
    patterns.keySet().stream()
        .sorted(
            Comparator.comparingInt(String::length)
                .reversed()
                .thenComparing(Comparator.naturalOrder()))
        .forEach(pattern -> ordered.put(pattern, patterns.get(pattern)));
    return ordered;
  }
}
