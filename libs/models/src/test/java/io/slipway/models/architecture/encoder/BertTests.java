package io.slipway.models.architecture.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BertTests {

  private static final String CONFIG =
      """
      {"model_type": "bert", "vocab_size": 100, "hidden_size": 24, "num_hidden_layers": 2,
       "num_attention_heads": 4, "intermediate_size": 48, "max_position_embeddings": 64,
       "type_vocab_size": 2, %s}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"position_embedding_type\": \"relative_key\" | UNSUPPORTED_CONFIG | position_embedding_type is \"relative_key\"",
        "\"hidden_act\": \"prelu\" | UNSUPPORTED_CONFIG | hidden_act is \"prelu\"",
        "\"is_decoder\": true | UNSUPPORTED_CONFIG | is_decoder is true",
        "\"add_cross_attention\": true | UNSUPPORTED_CONFIG | add_cross_attention is true",
        "\"quantization_config\": {} | UNSUPPORTED_CONFIG | quantization_config",
        "\"hidden_dropout_prob\": 1.5 | MALFORMED_CONFIG | hidden_dropout_prob is 1.5",
        "\"pad_token_id\": 100 | MALFORMED_CONFIG | pad_token_id is 100",
        "\"layer_norm_eps\": \"small\" | MALFORMED_CONFIG | layer_norm_eps is \"small\"",
      })
  void refusesWhatItDoesNotImplementByName(String field, Reason reason, String message) {
    ModelConfig config = ModelConfig.parse("config.json", CONFIG.formatted(field));
    assertThatThrownBy(() -> Bert.Config.of(config))
        .isInstanceOfSatisfying(
            ModelFilesException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(message);
  }

  @Test
  void refusesHeadsThatDoNotDivideTheHiddenSize() {
    ModelConfig config =
        ModelConfig.parse(
            "config.json",
            CONFIG
                .formatted("\"x\": 0")
                .replace("\"num_attention_heads\": 4", "\"num_attention_heads\": 5"));
    assertThatThrownBy(() -> Bert.Config.of(config)).hasMessageContaining("5 attention heads");
  }

  @Test
  void theClassifierDropsOutLikeTheHiddenStatesUnlessToldOtherwise() {
    ModelConfig silent =
        ModelConfig.parse(
            "config.json",
            CONFIG.formatted("\"hidden_dropout_prob\": 0.3, \"classifier_dropout\": null"));
    assertThat(Bert.Config.of(silent).classifierDropout()).isEqualTo(0.3);
    ModelConfig told =
        ModelConfig.parse("config.json", CONFIG.formatted("\"classifier_dropout\": 0"));
    assertThat(Bert.Config.of(told).classifierDropout()).isEqualTo(0);
  }
}
