package io.slipway.models.architecture.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.models.OnCpu;
import io.slipway.models.ReferenceCase;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.training.ReferenceRun;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncoderConfigsTests {

  @OnCpu(threads = 1)
  private static ComputeExecutor executor;

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "distilbert-text-classification | activation | \"prelu\" | UNSUPPORTED_CONFIG | activation is \"prelu\"",
        "distilbert-text-classification | n_heads | 3 | MALFORMED_CONFIG | dim is 16, which 3 attention heads",
        "distilbert-text-classification | dropout | 1 | MALFORMED_CONFIG | dropout is 1.0",
        "distilbert-features | pruned_heads | {\"0\": [1]} | UNSUPPORTED_CONFIG | pruned_heads",
        "roberta-features | position_embedding_type | \"relative_key\" | UNSUPPORTED_CONFIG | position_embedding_type is \"relative_key\"",
        "roberta-features | is_decoder | true | UNSUPPORTED_CONFIG | is_decoder is true",
        "roberta-features | max_position_embeddings | 2 | MALFORMED_CONFIG | positions are counted from 2 on",
        "roberta-features | pad_token_id | 61 | MALFORMED_CONFIG | pad_token_id is 61",
        "electra-features | embedding_size | 0 | MALFORMED_CONFIG | embedding_size is 0",
        "electra-features | add_cross_attention | true | UNSUPPORTED_CONFIG | add_cross_attention is true",
        "deberta-v2-features | pos_att_type | [\"p2p\"] | UNSUPPORTED_CONFIG | pos_att_type is \"p2p\"",
        "deberta-v2-features | norm_rel_ebd | \"batch_norm\" | UNSUPPORTED_CONFIG | norm_rel_ebd is \"batch_norm\"",
        "deberta-v2-features | attention_head_size | 4 | UNSUPPORTED_CONFIG | attention_head_size is 4",
        "deberta-v2-features | position_buckets | 1 | MALFORMED_CONFIG | position_buckets is 1",
        "deberta-v2-features | conv_kernel_size | 4 | MALFORMED_CONFIG | conv_kernel_size is 4",
        "deberta-v2-question-answering | conv_groups | 3 | MALFORMED_CONFIG | conv_groups is 3",
        "deberta-v2-question-answering | conv_act | \"prelu\" | UNSUPPORTED_CONFIG | conv_act is \"prelu\"",
        "deberta-v2-text-classification | pooler_hidden_size | 8 | MALFORMED_CONFIG | pooler_hidden_size is 8",
        "deberta-v2-text-classification | cls_dropout | -1 | MALFORMED_CONFIG | cls_dropout is -1",
        "deberta-v2-fill-mask | legacy | false | UNSUPPORTED_CONFIG | legacy is false with an embedding_size",
        "mpnet-features | relative_attention_num_buckets | 16 | UNSUPPORTED_CONFIG | relative_attention_num_buckets is 16",
        "mpnet-features | quantization_config | {} | UNSUPPORTED_CONFIG | quantization_config",
      })
  void whatIsNotImplementedIsRefusedByName(
      String name, String field, String json, Reason reason, String message) throws Exception {
    ReferenceCase changed =
        ReferenceCase.named("encoders/" + name).configured(temp.resolve("changed"), field, json);
    ReferenceRun.assertRefused(changed, reason, message, executor);
  }

  @ParameterizedTest
  @CsvSource({
    "bert-token-classification, 20",
    "distilbert-features, 20",
    "roberta-features, 18",
    "roberta-text-classification, 15",
    "mpnet-text-classification, 18",
    "deberta-v2-features, 20"
  })
  void sequencesMayBeAsLongAsThereArePositions(String name, int longest) throws Exception {
    ModelConfig config = ReferenceCase.named("encoders/" + name).config();
    assertThat(LoadedModel.positions(config)).hasValue(longest);
  }

  @ParameterizedTest
  @CsvSource({"bert-token-classification, 3 types", "roberta-features, 2 types"})
  void aTypeThatTheModelDoesNotHaveIsRefused(String name, String message) throws Exception {
    ReferenceCase reference = ReferenceCase.named("encoders/" + name);
    TokenBatch batch = reference.batch();
    batch.typeIds()[0] = 7;
    assertThatThrownBy(
            () ->
                executor.call(
                    () -> {
                      try (LoadedModel<?> model = reference.forInference(Precision.FLOAT32)) {
                        return reference.outputs(model, batch).compute(Forward.inference()).size();
                      }
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("token type 7, but the model has " + message);
  }
}
