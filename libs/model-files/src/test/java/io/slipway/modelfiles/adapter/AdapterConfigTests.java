package io.slipway.modelfiles.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.modelfiles.adapter.AdapterConfig.BaseModelName;
import io.slipway.modelfiles.adapter.ModuleNames.Named;
import io.slipway.modelfiles.adapter.TargetModules.Chosen;
import io.slipway.modelfiles.adapter.TargetModules.InLayers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AdapterConfigTests {

  private static final Path GOLDENS = Path.of("src/test/resources/adapter/targets.json");

  static List<Map.Entry<String, JsonNode>> cases() throws IOException {
    return List.copyOf(
        new JsonMapper().readTree(Files.readAllBytes(GOLDENS)).get("cases").properties());
  }

  private static AdapterConfig parse(String json) {
    return AdapterConfig.of(ModelConfig.parse(AdapterConfig.FILE, json));
  }

  private static List<String> strings(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void changesAndSavesWhatPeftDoes(Map.Entry<String, JsonNode> golden) {
    JsonNode expected = golden.getValue();
    AdapterConfig config = parse(expected.get("config").toString());
    Set<String> targets =
        config.targetsAmong(
            strings(expected.get("linear_layers")), expected.get("output_embedding").asStringOpt());

    assertThat(targets)
        .containsExactlyInAnyOrderElementsOf(expected.get("changes").propertyNames());
    for (String module : targets) {
      JsonNode change = expected.get("changes").get(module);
      assertThat(config.ranks().rank(module)).as(module).isEqualTo(change.get(0).asInt());
      assertThat(config.ranks().scale(module))
          .as(module)
          .isCloseTo(change.get(1).asDouble(), within(1e-12));
    }
    for (String name : expected.get("tensors").propertyNames()) {
      String module = name.substring("base_model.model.".length(), name.lastIndexOf('.'));
      assertThat(config.saves(module)).as(name).isEqualTo(!name.contains(".lora_"));
    }
    assertThat(strings(expected.get("linear_layers")).stream().filter(config::saves))
        .allSatisfy(
            module ->
                assertThat(expected.get("tensors").has("base_model.model." + module + ".weight"))
                    .as(module)
                    .isTrue());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void writesWhatItReads(Map.Entry<String, JsonNode> golden) {
    AdapterConfig config = parse(golden.getValue().get("config").toString());
    AdapterConfig again = parse(config.toJson());

    assertThat(again.ranks()).isEqualTo(config.ranks());
    assertThat(again.modulesToSave()).isEqualTo(config.modulesToSave());
    assertThat(again.toJson()).isEqualTo(config.toJson());
    JsonNode written = new JsonMapper().readTree(config.toJson());
    for (String field : List.of("target_modules", "exclude_modules", "rank_pattern")) {
      assertThat(written.get(field).toString())
          .isEqualToIgnoringCase(golden.getValue().get("config").get(field).toString());
    }
  }

  @Test
  void readsAllFields() {
    AdapterConfig config =
        parse(
            """
            {"peft_type": "LORA", "base_model_name_or_path": "acme/base", "revision": "v2",
             "task_type": "QUESTION_ANS", "r": 3, "lora_alpha": 4.5, "lora_dropout": 0.25,
             "target_modules": ["a"], "exclude_modules": ["b"], "modules_to_save": ["c"],
             "layers_to_transform": 1, "layers_pattern": "h", "fan_in_fan_out": true,
             "use_rslora": true, "rank_pattern": {"x": 2}, "alpha_pattern": {"y": 1.5},
             "enable_lora": null, "use_dora": false, "later_addition": {}}
            """);

    assertThat(config)
        .isEqualTo(
            new AdapterConfig(
                Optional.of(new BaseModelName("acme/base", Optional.of("v2"))),
                Optional.of(AdapterTask.QUESTION_ANS),
                new InLayers(new Named(List.of("a")), List.of(1), List.of("h")),
                Optional.of(new Named(List.of("b"))),
                new AdapterRanks(3, 4.5, true, Map.of("x", 2), Map.of("y", 1.5)),
                0.25,
                Set.of("c", "qa_outputs"),
                true));
  }

  @Test
  void fillsAbsentFieldsAsPeftDoes() {
    assertThat(parse("{\"peft_type\": \"LORA\", \"target_modules\": []}"))
        .isEqualTo(
            new AdapterConfig(
                Optional.empty(),
                Optional.empty(),
                new Chosen(new Named(List.of())),
                Optional.empty(),
                new AdapterRanks(8, 8, false, Map.of(), Map.of()),
                0,
                Set.of(),
                false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"peft_type\": \"IA3\" | UNSUPPORTED_CONFIG | peft_type is IA3, which is not supported; supported: LORA",
        "\"use_dora\": true | UNSUPPORTED_CONFIG | use_dora is true, which is not supported",
        "\"bias\": \"lora_only\" | UNSUPPORTED_CONFIG | bias is lora_only, which is not supported; supported: none",
        "\"lora_bias\": true | UNSUPPORTED_CONFIG | lora_bias is true",
        "\"layer_replication\": [[0, 1]] | UNSUPPORTED_CONFIG | layer_replication is [[0,1]]",
        "\"target_parameters\": [\"experts\"] | UNSUPPORTED_CONFIG | target_parameters is",
        "\"trainable_token_indices\": [1] | UNSUPPORTED_CONFIG | trainable_token_indices is [1]",
        "\"init_lora_weights\": \"pissa_niter_4\" | UNSUPPORTED_CONFIG | init_lora_weights is pissa_niter_4",
        "\"some_new_variant\": 0.5 | UNSUPPORTED_CONFIG | some_new_variant is 0.5",
        "\"r\": 0 | MALFORMED_CONFIG | adapter_config.json: r is 0, expected a positive integer",
        "\"lora_dropout\": 1 | MALFORMED_CONFIG | lora_dropout is 1.0",
        "\"rank_pattern\": {\"q\": 0} | MALFORMED_CONFIG | rank_pattern is 0, expected positive integers by module",
        "\"rank_pattern\": {\"q(\": 1} | MALFORMED_CONFIG | rank_pattern has \"q(\", which is no regular expression",
        "\"alpha_pattern\": [1] | MALFORMED_CONFIG | alpha_pattern is [1], expected an object",
        "\"task_type\": \"CHAT\" | MALFORMED_CONFIG | task_type is \"CHAT\", expected one of [SEQ_CLS",
        "\"target_modules\": null | MALFORMED_CONFIG | target_modules is absent, expected names",
        "\"target_modules\": 3 | MALFORMED_CONFIG | target_modules is 3, expected a string or an array of strings",
        "\"target_modules\": \"*\" | MALFORMED_CONFIG | target_modules has \"*\", which is no regular expression",
        "\"target_modules\": \"q\", \"layers_to_transform\": 1 | MALFORMED_CONFIG | not allowed where target_modules is a string",
        "\"layers_pattern\": \"h\" | MALFORMED_CONFIG | layers_pattern needs layers_to_transform",
      })
  void refusesByName(String fields, Reason reason, String message) {
    StringBuilder json = new StringBuilder("{");
    if (!fields.contains("peft_type")) {
      json.append("\"peft_type\": \"LORA\", ");
    }
    if (!fields.contains("target_modules")) {
      json.append("\"target_modules\": [\"q\"], ");
    }
    assertThatThrownBy(() -> parse(json + fields + "}"))
        .isInstanceOf(ModelFilesException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((ModelFilesException) e).reason())
        .isEqualTo(reason);
  }

  @Test
  void stopsExpressionsThatWouldNotEnd() {
    AdapterConfig config =
        parse("{\"peft_type\": \"LORA\", \"target_modules\": \"(a*)*(a*)*(a*)*b\"}");

    assertThatThrownBy(() -> config.targets("a".repeat(200) + "c"))
        .isInstanceOf(ModelFilesException.class)
        .hasMessageContaining("takes more than 1000000 steps");
  }

  @Test
  void refusesExpressionsThatAreNestedTooDeep() {
    String deep = "(".repeat(20_000) + "a" + ")".repeat(20_000);

    assertThatThrownBy(
            () -> parse("{\"peft_type\": \"LORA\", \"target_modules\": \"" + deep + "\"}"))
        .isInstanceOf(ModelFilesException.class)
        .hasMessageContaining("target_modules has an expression of 40001 characters nested 20000");
  }
}
