package io.slipway.finetune.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.finetune.v1.LoraConfig;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.modelfiles.adapter.AdapterConfig;
import io.slipway.modelfiles.adapter.TargetModules.AllLinear;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AdapterRecipeTests {

  private static final Set<String> MATRICES =
      Set.of(
          "embeddings.word_embeddings",
          "encoder.layer.0.attention.self.query",
          "encoder.layer.0.attention.self.value",
          "encoder.layer.1.attention.self.query",
          "encoder.layer.1.attention.self.value");

  private static final BaseModules BASE = new BaseModules(MATRICES, MATRICES);

  private static AdapterRecipe recipe(UnaryOperator<LoraConfig.Builder> change) {
    return AdapterRecipe.of(change.apply(LoraConfig.newBuilder()).build(), "acme/base", BASE);
  }

  @Test
  void fillsInTheDefaultsThatTheApiPromises() {
    AdapterRecipe recipe = recipe(lora -> lora);

    assertThat(recipe.message())
        .isEqualTo(
            LoraConfig.newBuilder()
                .setR(8)
                .setLoraAlpha(8)
                .addTargetModules("all-linear")
                .setBias("none")
                .build());
    assertThat(recipe.config().targetModules()).isInstanceOf(AllLinear.class);
    assertThat(recipe.config().baseModel().orElseThrow().name()).isEqualTo("acme/base");
  }

  @Test
  void saysToPeftWhatItWasAsked() {
    AdapterConfig config =
        AdapterConfig.parse(
            recipe(
                    lora ->
                        lora.setR(4)
                            .setLoraAlpha(16)
                            .setLoraDropout(0.1)
                            .addTargetModules("query")
                            .addTargetModules("value")
                            .setUseRslora(true)
                            .addModulesToSave("pooler")
                            .addExcludeModules("layer.0.attention.self.value")
                            .addLayersToTransform(0)
                            .putAlphaPattern("query", 2))
                .config()
                .toJson());

    String query = "encoder.layer.0.attention.self.query";
    assertThat(config.targetsAmong(MATRICES, java.util.Optional.empty())).containsExactly(query);
    assertThat(config.ranks().rank(query)).isEqualTo(4);
    assertThat(config.ranks().scale(query)).isEqualTo(1);
    assertThat(config.dropout()).isEqualTo(0.1);
    assertThat(config.modulesToSave()).containsExactly("pooler");
  }

  @Test
  void letsTheLongestOfThePatternsCountThatMatch() {
    AdapterConfig config =
        recipe(
                lora ->
                    lora.putRankPattern("query", 2)
                        .putRankPattern("layer.1.attention.self.query", 16))
            .config();

    assertThat(config.ranks().rank("encoder.layer.0.attention.self.query")).isEqualTo(2);
    assertThat(config.ranks().rank("encoder.layer.1.attention.self.query")).isEqualTo(16);
  }

  @Test
  void takesPathsThatBeginWithTheModelsName() {
    assertThat(
            recipe(lora -> lora.addTargetModules("bert.encoder.layer.0.attention.self.query"))
                .message()
                .getTargetModulesList())
        .isEqualTo(List.of("bert.encoder.layer.0.attention.self.query"));
  }

  @Test
  void namesTheLayersThatThereAre() {
    assertThatThrownBy(() -> recipe(lora -> lora.addTargetModules("q_proj")))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessage(
            "hyperparameters.lora.target_modules is \"q_proj\"; expected the name of a linear layer"
                + " of the base, such as [query, value].");
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void namesTheValueThatIsOutOfRange(String start, UnaryOperator<LoraConfig.Builder> change) {
    assertThatThrownBy(() -> recipe(change))
        .isInstanceOf(SlipwayException.class)
        .hasMessageStartingWith("hyperparameters.lora" + start);
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        wrong(".r is -1", lora -> lora.setR(-1)),
        wrong(".lora_alpha is -2.0", lora -> lora.setLoraAlpha(-2)),
        wrong(".lora_alpha is NaN", lora -> lora.setLoraAlpha(Double.NaN)),
        wrong(".lora_dropout is 1.0", lora -> lora.setLoraDropout(1)),
        wrong(".bias is \"all\"", lora -> lora.setBias("all")),
        wrong(".rank_pattern[query] is 0", lora -> lora.putRankPattern("query", 0)),
        wrong(".alpha_pattern[query] is -1.0", lora -> lora.putAlphaPattern("query", -1)),
        wrong(": rank_pattern has \"(query\"", lora -> lora.putRankPattern("(query", 2)),
        wrong(".target_modules is \"\"", lora -> lora.addTargetModules("")),
        wrong(
            ".target_modules is [query, all-linear]",
            lora -> lora.addTargetModules("query").addTargetModules("all-linear")),
        wrong(".modules_to_save is \"lm_head\"", lora -> lora.addModulesToSave("lm_head")),
        wrong(".layers_to_transform is [-1]", lora -> lora.addLayersToTransform(-1)),
        wrong(".layers_to_transform is [0]", lora -> lora.addLayersToTransform(0)));
  }

  private static Arguments wrong(String start, UnaryOperator<LoraConfig.Builder> change) {
    return Arguments.of(start, change);
  }
}
