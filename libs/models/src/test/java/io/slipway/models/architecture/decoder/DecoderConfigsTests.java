package io.slipway.models.architecture.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.models.OnCpu;
import io.slipway.models.ReferenceCase;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.training.ReferenceRun;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecoderConfigsTests {

  @OnCpu(threads = 1)
  private static ComputeExecutor executor;

  @TempDir Path temp;

  private ReferenceCase configured(String name, String field, String json) throws Exception {
    return ReferenceCase.named("decoders/" + name).configured(temp.resolve("changed"), field, json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "gpt2-unscaled | activation_function | \"prelu\" | UNSUPPORTED_CONFIG | activation_function is \"prelu\"",
        "gpt2-unscaled | add_cross_attention | true | UNSUPPORTED_CONFIG | add_cross_attention is true",
        "gpt2-unscaled | n_head | 3 | MALFORMED_CONFIG | n_embd is 20, which 3 attention heads",
        "gpt2-unscaled | attn_pdrop | 1 | MALFORMED_CONFIG | attn_pdrop is 1",
        "gpt2-unscaled | n_positions | 8 | WEIGHTS_MISMATCH | transformer.wpe.weight",
        "llama-biased | hidden_act | \"prelu\" | UNSUPPORTED_CONFIG | hidden_act is \"prelu\"",
        "llama-biased | pretraining_tp | 2 | UNSUPPORTED_CONFIG | pretraining_tp is 2",
        "llama-biased | quantization_config | {} | UNSUPPORTED_CONFIG | quantization_config",
        "llama-biased | partial_rotary_factor | 0.5 | UNSUPPORTED_CONFIG | partial_rotary_factor is 0.5",
        "llama-biased | pad_token_id | 61 | MALFORMED_CONFIG | pad_token_id is 61",
        "llama-biased | num_key_value_heads | 3 | MALFORMED_CONFIG | num_attention_heads is 4, which 3 heads",
        "llama-biased | attention_dropout | -1 | MALFORMED_CONFIG | attention_dropout is -1",
        "llama-biased | attention_bias | false | WEIGHTS_MISMATCH | self_attn.q_proj.bias",
        "llama-biased | rope_parameters | {\"rope_type\": \"yarn\", \"factor\": 2} | UNSUPPORTED_CONFIG | rope_type is \"yarn\"",
        "llama-biased | rope_scaling | {\"type\": \"ntk\", \"factor\": 2} | UNSUPPORTED_CONFIG | rope_type is \"ntk\"",
        "llama-biased | rope_parameters | {\"full_attention\": {}} | UNSUPPORTED_CONFIG | full_attention",
        "llama-biased | rope_parameters | {\"rope_theta\": 0} | MALFORMED_CONFIG | rope_theta is 0",
        "llama-biased | rope_parameters | {\"rope_type\": \"linear\"} | MALFORMED_CONFIG | factor is missing",
        "llama-biased | rope_parameters | {\"rope_type\": \"dynamic\", \"factor\": -1} | MALFORMED_CONFIG | factor is -1",
        "llama-biased | rope_parameters | {\"rope_type\": \"llama3\", \"factor\": 2, \"low_freq_factor\": 4, \"high_freq_factor\": 1} | MALFORMED_CONFIG | high_freq_factor is 1.0",
        "mistral-window | layer_types | [\"full_attention\", \"sliding_attention\"] | UNSUPPORTED_CONFIG | layer_types",
        "mistral-window | sliding_window | 0 | MALFORMED_CONFIG | sliding_window is 0",
        "mixtral-window | num_experts_per_tok | 6 | MALFORMED_CONFIG | num_experts_per_tok is 6",
        "mixtral-window | num_local_experts | 4 | WEIGHTS_MISMATCH | block_sparse_moe",
        "qwen2-layer-types | layer_types | [\"full_attention\"] | MALFORMED_CONFIG | layer_types has 1 entries for 2 layers",
        "qwen2-layer-types | layer_types | [\"full_attention\", \"chunked_attention\"] | UNSUPPORTED_CONFIG | layer_types is \"chunked_attention\"",
        "qwen2-layer-types | use_sliding_window | false | MALFORMED_CONFIG | layer_types has sliding_attention, but there is no sliding window",
        "qwen3-tied | head_dim | 9 | MALFORMED_CONFIG | partial_rotary_factor",
        "gemma-untied | hidden_activation | \"silu\" | UNSUPPORTED_CONFIG | hidden_activation is \"silu\"",
        "gemma-untied | use_bidirectional_attention | true | UNSUPPORTED_CONFIG | use_bidirectional_attention is true",
        "gemma2-written-out | attn_implementation | \"flex_attention\" | UNSUPPORTED_CONFIG | attn_implementation is \"flex_attention\"",
        "gemma2-written-out | attn_logit_softcapping | 0 | MALFORMED_CONFIG | attn_logit_softcapping is 0",
        "gemma2-written-out | query_pre_attn_scalar | -2 | MALFORMED_CONFIG | query_pre_attn_scalar is -2",
        "phi3-long | rope_parameters | {\"rope_type\": \"longrope\", \"short_factor\": [1, 1]} | MALFORMED_CONFIG | long_factor has no values, expected 2",
        "phi3-long | rope_parameters | {\"rope_type\": \"longrope\", \"short_factor\": [1]} | MALFORMED_CONFIG | short_factor has 1 values, expected 2",
        "phi3-half-rotary | rope_parameters | {\"partial_rotary_factor\": 0.4} | MALFORMED_CONFIG | partial_rotary_factor is 0.4",
        "falcon-new | parallel_attn | false | UNSUPPORTED_CONFIG | parallel_attn is false",
        "falcon-new | num_ln_in_parallel_attn | 3 | UNSUPPORTED_CONFIG | num_ln_in_parallel_attn is 3",
        "falcon-new | num_kv_heads | 3 | MALFORMED_CONFIG | num_kv_heads is 3",
        "falcon-sequential-alibi | num_kv_heads | 2 | UNSUPPORTED_CONFIG | num_kv_heads is 2",
        "falcon-parallel-alibi | activation | \"prelu\" | UNSUPPORTED_CONFIG | activation is \"prelu\"",
        "olmo-clipped | clip_qkv | -3 | MALFORMED_CONFIG | clip_qkv is -3",
        "olmo2-biased | rms_norm_eps | \"small\" | MALFORMED_CONFIG | rms_norm_eps",
      })
  void whatIsNotImplementedIsRefusedByName(
      String name, String field, String json, Reason reason, String message) throws Exception {
    ReferenceRun.assertRefused(configured(name, field, json), reason, message, executor);
  }

  @ParameterizedTest
  @CsvSource({
    "router_jitter_noise, 0.1, router_jitter_noise is 0.1",
    "output_router_logits, true, output_router_logits is true"
  })
  void whatOnlyTrainingWouldDoIsRefusedThereAlone(String field, String json, String message)
      throws Exception {
    ReferenceCase changed = configured("mixtral-window", field, json);
    assertThat(ReferenceRun.worstOutput(changed, executor)).isLessThan(2e-5);
    assertThatThrownBy(() -> ReferenceRun.worstLoss(changed, executor))
        .isInstanceOf(ModelFilesException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "gpt2-unscaled | scale_attn_weights | true",
        "gpt2-scaled-by-layer | scale_attn_by_inverse_layer_idx | false",
        "llama-linear | rope_parameters | {\"rope_type\": \"default\", \"rope_theta\": 200.0}",
        "llama-linear | rms_norm_eps | 1e-2",
        "llama-llama3 | rope_parameters | {\"rope_type\": \"default\", \"rope_theta\": 100.0}",
        "mistral-window | sliding_window | 4",
        "mixtral-window | num_experts_per_tok | 2",
        "qwen2-upper-windows | layer_types | [\"full_attention\", \"full_attention\", \"sliding_attention\"]",
        "qwen2-layer-types | layer_types | [\"full_attention\", \"sliding_attention\"]",
        "qwen3-upper-windows | sliding_window | 6",
        "gemma-untied | hidden_act | \"gelu\"",
        "gemma2-written-out | attn_implementation | \"sdpa\"",
        "gemma2-written-out | attn_logit_softcapping | null",
        "gemma2-written-out | query_pre_attn_scalar | 4",
        "gemma2-fused | final_logit_softcapping | null",
        "phi3-half-rotary | rope_parameters | {\"partial_rotary_factor\": 1.0}",
        "phi3-long-half-rotary | rope_parameters | {\"rope_type\": \"default\", \"partial_rotary_factor\": 0.5}",
        "falcon-parallel-alibi | alibi | false",
        "falcon-new-one-norm | layer_norm_epsilon | 1e-2",
        "olmo-clipped | clip_qkv | null",
        "olmo2-tied | hidden_act | \"relu\"",
      })
  void everyFieldMatters(String name, String field, String json) throws Exception {
    assertThat(ReferenceRun.worstOutput(configured(name, field, json), executor))
        .isGreaterThan(1e-3);
  }

  @ParameterizedTest
  @CsvSource({"gpt2-unscaled, 40", "llama-dynamic, 12", "falcon-new, 64", "phi3-long, 64"})
  void whatTheModelWasMadeForIsToldByItsPositions(String name, int positions) throws Exception {
    assertThat(LoadedModel.positions(ReferenceCase.named("decoders/" + name).config()))
        .hasValue(positions);
  }
}
