package io.slipway.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.slipway.models.ReferenceCase;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Seed;
import io.slipway.models.runtime.Tensors;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DropoutTests {

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource({
    "encoders/bert-token-classification, hidden_dropout_prob",
    "encoders/bert-token-classification, attention_probs_dropout_prob",
    "encoders/bert-token-classification, classifier_dropout",
    "encoders/distilbert-text-classification, dropout",
    "encoders/distilbert-text-classification, attention_dropout",
    "encoders/distilbert-text-classification, seq_classif_dropout",
    "encoders/distilbert-question-answering, qa_dropout",
    "encoders/roberta-text-classification, hidden_dropout_prob",
    "encoders/roberta-text-classification, classifier_dropout",
    "encoders/electra-text-classification, hidden_dropout_prob",
    "encoders/electra-token-classification, classifier_dropout",
    "encoders/deberta-v2-question-answering, hidden_dropout_prob",
    "encoders/deberta-v2-token-classification, attention_probs_dropout_prob",
    "encoders/deberta-v2-text-classification, cls_dropout",
    "encoders/deberta-v2-text-classification, pooler_dropout",
    "encoders/mpnet-text-classification, hidden_dropout_prob",
    "encoders/mpnet-token-classification, attention_probs_dropout_prob",
    "decoders/gpt2-unscaled, embd_pdrop",
    "decoders/gpt2-unscaled, resid_pdrop",
    "decoders/gpt2-unscaled, attn_pdrop",
    "decoders/llama-biased, attention_dropout",
    "decoders/gemma2-fused, attention_dropout",
    "decoders/phi3-half-rotary, resid_pdrop",
    "decoders/falcon-sequential, hidden_dropout",
    "decoders/falcon-sequential, attention_dropout",
    "decoders/falcon-new, hidden_dropout",
    "decoders/falcon-parallel-alibi, attention_dropout",
    "vision/vit, hidden_dropout_prob",
    "vision/vit, attention_probs_dropout_prob",
  })
  void changesWhatIsTrainedAndNothingElseByTheSeedAlone(String name, String field)
      throws Exception {
    ReferenceCase still = ReferenceCase.named(name);
    ReferenceCase dropping = still.configured(temp.resolve("dropping"), field, "0.4");
    try (ComputeExecutor executor = new ComputeExecutor(ComputeDevice.CPU, 1)) {
      List<float[]> outputs =
          executor.call(
              () -> {
                try (LoadedModel<?> model = dropping.forTraining()) {
                  return List.of(
                      first(dropping, model, training(1)),
                      first(dropping, model, training(1)),
                      first(dropping, model, training(2)),
                      first(dropping, model, Forward.inference()));
                }
              });
      assertThat(outputs.get(1)).containsExactly(outputs.get(0));
      assertThat(outputs.get(2)).isNotEqualTo(outputs.get(0));
      assertThat(outputs.get(3)).isNotEqualTo(outputs.get(0));
      assertThat(outputs.get(3)).containsExactly(still.expected().getFirst(), offset(2e-5f));
    }
  }

  private static Forward training(long seed) {
    return Forward.training(ComputeDevice.CPU, new Seed(seed));
  }

  private static float[] first(ReferenceCase reference, LoadedModel<?> model, Forward forward) {
    return Tensors.floats(reference.outputs(model).compute(forward).getFirst());
  }
}
