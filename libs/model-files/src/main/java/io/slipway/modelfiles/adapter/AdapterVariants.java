package io.slipway.modelfiles.adapter;

import io.slipway.modelfiles.ModelConfig;
import java.util.Arrays;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Tells plain LoRA from its many variants, which are refused by name. */
final class AdapterVariants {

  /** Fields that are read, or that say nothing about what the adapter does to a model. */
  private static final Set<String> KNOWN =
      Set.of(
          "peft_type",
          "peft_version",
          "auto_mapping",
          "task_type",
          "base_model_name_or_path",
          "revision",
          "inference_mode",
          "r",
          "target_modules",
          "exclude_modules",
          "lora_alpha",
          "lora_dropout",
          "fan_in_fan_out",
          "bias",
          "use_rslora",
          "modules_to_save",
          "init_lora_weights",
          "layers_to_transform",
          "layers_pattern",
          "rank_pattern",
          "alpha_pattern",
          "runtime_config",
          // These mean something only together with a field that is refused.
          "megatron_core",
          "qalora_group_size",
          "loftq_config",
          "eva_config",
          "corda_config",
          "lora_ga_config");

  /**
   * Ways to begin that change only the adapter, not the model beneath it. The others subtract what
   * they begin with from the model's weights, so that the adapter alone is not what was trained.
   */
  private static final Set<String> INITIALISATIONS =
      Set.of("true", "false", "gaussian", "orthogonal", "eva");

  private AdapterVariants() {}

  static void requirePlain(ModelConfig config) {
    String type = config.requireString("peft_type");
    if (!type.equals("LORA")) {
      throw config.unsupported("peft_type", type, "LORA");
    }
    String bias = config.string("bias").orElse("none");
    if (!bias.equals("none")) {
      throw config.unsupported("bias", bias, "none");
    }
    config
        .node("init_lora_weights")
        .map(JsonNode::asString)
        .filter(way -> !INITIALISATIONS.contains(way))
        .ifPresent(
            way -> {
              throw config.unsupported(
                  "init_lora_weights", way, "true, false, gaussian, orthogonal, eva");
            });
    config
        .fields()
        .filter(field -> !KNOWN.contains(field))
        .forEach(field -> requireUnused(config, field));
  }

  /** Fields that are switched off say that the adapter is not of the variant that they name. */
  private static void requireUnused(ModelConfig config, String field) {
    config
        .node(field)
        .filter(node -> !node.isBoolean() || node.asBoolean())
        .filter(node -> !node.isContainer() || !node.isEmpty())
        .ifPresent(
            node -> {
              throw config.unsupported(field, node.toString(), "plain LoRA, where it is absent");
            });
  }

  static AdapterTask task(ModelConfig config, String name) {
    return Arrays.stream(AdapterTask.values())
        .filter(task -> task.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                config.malformed(
                    "task_type",
                    "is \"%s\", expected one of %s"
                        .formatted(name, Arrays.toString(AdapterTask.values()))));
  }
}
