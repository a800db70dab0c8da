package io.slipway.modelfiles.adapter;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.adapter.TargetModules.AllLinear;
import io.slipway.modelfiles.adapter.TargetModules.Chosen;
import io.slipway.modelfiles.adapter.TargetModules.InLayers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * adapter_config.json of a LoRA adapter.
 *
 * @param baseModel name or directory of the model that is adapted
 * @param taskType empty when the adapter does not say
 * @param excluded modules that are not changed although they are targets
 * @param dropout of the input of each change while training
 * @param modulesToSave modules that are trained whole: those whose path ends with one of these
 *     (without a dot in between, so {@code classifier} means {@code pre_classifier} too); the heads
 *     of the task are among them
 * @param fanInFanOut whether the changed weights are stored as [inputs, outputs]; the adapter's own
 *     tensors are the same either way
 */
public record AdapterConfig(
    Optional<BaseModelName> baseModel,
    Optional<AdapterTask> taskType,
    TargetModules targetModules,
    Optional<ModuleNames> excluded,
    AdapterRanks ranks,
    double dropout,
    Set<String> modulesToSave,
    boolean fanInFanOut) {

  /** Name of the file in an adapter's directory. */
  public static final String FILE = "adapter_config.json";

  /** Names of heads of which a classifier has one, which all-linear leaves alone. */
  private static final Set<String> CLASSIFICATION_HEADS = Set.of("score", "classifier");

  /**
   * The model that is adapted.
   *
   * @param name on the Hub, or a directory
   * @param revision empty for its main branch
   */
  public record BaseModelName(String name, Optional<String> revision) {}

  public AdapterConfig {
    Set<String> saved = new LinkedHashSet<>(modulesToSave);
    taskType.ifPresent(task -> saved.addAll(task.heads()));
    modulesToSave = Collections.unmodifiableSet(saved);
  }

  /**
   * Reads the file in an adapter's directory.
   *
   * @throws ModelFilesException when it is missing, malformed, or of an adapter that is not plain
   *     LoRA, which is named
   */
  public static AdapterConfig read(Path directory) throws IOException {
    return of(ModelConfig.read(directory.resolve(FILE)));
  }

  /**
   * Reads the text of such a file.
   *
   * @throws ModelFilesException when it is malformed, or of an adapter that is not plain LoRA
   */
  public static AdapterConfig parse(String json) {
    return of(ModelConfig.parse(FILE, json));
  }

  static AdapterConfig of(ModelConfig config) {
    AdapterVariants.requirePlain(config);
    return new AdapterConfig(
        config
            .string("base_model_name_or_path")
            .map(name -> new BaseModelName(name, config.string("revision"))),
        config.string("task_type").map(name -> AdapterVariants.task(config, name)),
        TargetModules.read(config),
        ModuleNames.read(config, "exclude_modules"),
        AdapterRanks.read(config),
        config.probabilityOr("lora_dropout", 0),
        new LinkedHashSet<>(config.strings("modules_to_save").orElse(List.of())),
        config.booleanOr("fan_in_fan_out", false));
  }

  /**
   * The linear layers that get a change.
   *
   * @param linearLayers paths of all linear layers of the model
   * @param outputEmbedding the path of the one that scores tokens, if the model has one
   */
  public Set<String> targetsAmong(
      Collection<String> linearLayers, Optional<String> outputEmbedding) {
    return linearLayers.stream()
        .filter(this::targets)
        .filter(layer -> !(targetModules instanceof AllLinear) || !isHead(layer, outputEmbedding))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Whether the module at a path gets a change, if it is a linear layer and not the head. */
  boolean targets(String module) {
    return mayChange(module)
        && switch (targetModules) {
          case AllLinear all -> true;
          case Chosen chosen -> chosen.modules().contains(module);
          case InLayers inLayers -> inLayers.contains(module);
        };
  }

  private boolean isHead(String layer, Optional<String> outputEmbedding) {
    return outputEmbedding
        .map(layer::equals)
        .orElseGet(
            () ->
                taskType.filter(AdapterTask.SEQ_CLS::equals).isPresent()
                    && CLASSIFICATION_HEADS.contains(layer));
  }

  private boolean mayChange(String module) {
    return excluded.filter(modules -> modules.contains(module)).isEmpty()
        && modulesToSave.stream().noneMatch(saved -> isOrIsWithin(module, saved));
  }

  private static boolean isOrIsWithin(String module, String name) {
    return ModulePattern.of("modules_to_save", name, "(^|.*\\.)%s($|\\..*)")
        .matcher(module)
        .lookingAt();
  }

  /** Whether the module at a path, or one that it is part of, is trained whole. */
  public boolean saves(String module) {
    for (String path = module; ; path = path.substring(0, path.lastIndexOf('.'))) {
      if (modulesToSave.stream().anyMatch(path::endsWith)) {
        return true;
      }
      if (path.indexOf('.') < 0) {
        return false;
      }
    }
  }

  /** This configuration as the text of its file. */
  public String toJson() {
    return AdapterConfigJson.of(this);
  }
}
