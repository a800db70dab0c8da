package io.slipway.modelfiles.adapter;

import io.slipway.modelfiles.adapter.ModuleNames.Matching;
import io.slipway.modelfiles.adapter.ModuleNames.Named;
import io.slipway.modelfiles.adapter.TargetModules.AllLinear;
import io.slipway.modelfiles.adapter.TargetModules.Chosen;
import io.slipway.modelfiles.adapter.TargetModules.InLayers;
import java.util.Collection;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes adapter_config.json with all fields that every version of PEFT that reads it needs. */
final class AdapterConfigJson {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private AdapterConfigJson() {}

  static String of(AdapterConfig config) {
    ObjectNode json = JSON.createObjectNode();
    AdapterRanks ranks = config.ranks();
    putNumbers(json.putObject("alpha_pattern"), ranks.alphaPattern());
    json.putNull("auto_mapping");
    json.put("base_model_name_or_path", config.baseModel().map(base -> base.name()).orElse(null));
    json.put("bias", "none");
    config
        .excluded()
        .ifPresentOrElse(
            modules -> put(json, "exclude_modules", modules),
            () -> json.putNull("exclude_modules"));
    json.put("fan_in_fan_out", config.fanInFanOut());
    json.put("inference_mode", true);
    json.put("init_lora_weights", true);
    putTargets(json, config.targetModules());
    putNumber(json, "lora_alpha", ranks.alpha());
    json.put("lora_dropout", config.dropout());
    if (config.modulesToSave().isEmpty()) {
      json.putNull("modules_to_save");
    } else {
      addAll(json.putArray("modules_to_save"), config.modulesToSave().stream().sorted().toList());
    }
    json.put("peft_type", "LORA");
    json.put("r", ranks.r());
    putNumbers(json.putObject("rank_pattern"), ranks.rankPattern());
    json.put("revision", config.baseModel().flatMap(base -> base.revision()).orElse(null));
    json.put("task_type", config.taskType().map(AdapterTask::name).orElse(null));
    json.put("use_dora", false);
    json.put("use_rslora", ranks.useRslora());
    return JSON.writeValueAsString(json) + "\n";
  }

  private static void putTargets(ObjectNode json, TargetModules targets) {
    json.putNull("layers_pattern");
    json.putNull("layers_to_transform");
    switch (targets) {
      case AllLinear all -> json.put("target_modules", TargetModules.ALL_LINEAR);
      case Chosen chosen -> put(json, "target_modules", chosen.modules());
      case InLayers inLayers -> {
        put(json, "target_modules", inLayers.modules());
        inLayers.layers().forEach(json.putArray("layers_to_transform")::add);
        if (!inLayers.layersPattern().isEmpty()) {
          addAll(json.putArray("layers_pattern"), inLayers.layersPattern());
        }
      }
    }
  }

  private static void put(ObjectNode json, String field, ModuleNames modules) {
    switch (modules) {
      case Named named -> addAll(json.putArray(field), named.names());
      case Matching matching -> json.put(field, matching.expression());
    }
  }

  private static void addAll(ArrayNode array, Collection<String> values) {
    values.forEach(array::add);
  }

  private static void putNumbers(ObjectNode json, Map<String, ? extends Number> numbers) {
    numbers.forEach((name, number) -> putNumber(json, name, number.doubleValue()));
  }

  /** PEFT declares these as whole numbers, so whole ones are written without a point. */
  private static void putNumber(ObjectNode json, String field, double number) {
    if (number == Math.rint(number) && Math.abs(number) < 1L << 53) {
      json.put(field, (long) number);
    } else {
      json.put(field, number);
    }
  }
}
