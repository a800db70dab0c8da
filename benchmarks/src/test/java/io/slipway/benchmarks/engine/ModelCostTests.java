package io.slipway.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.slipway.benchmarks.engine.Measurement.Work;
import io.slipway.benchmarks.engine.Section.Weights;
import io.slipway.modelfiles.ModelConfig;
import org.junit.jupiter.api.Test;

class ModelCostTests {

  @Test
  void anEncodersPassIsTwoOperationsForEachWeightAndTokenAndAttention() {
    ModelCost cost =
        ModelCost.of(
            ModelConfig.parse(
                "test",
                """
                {"model_type": "bert", "hidden_size": 384, "num_hidden_layers": 6,
                 "num_attention_heads": 12, "intermediate_size": 1536}
                """),
            Section.ENCODER);

    double weights = 6 * (4 * 384.0 * 384 + 2 * 384.0 * 1536);
    double attention = 6 * 2 * 2 * 128.0 * 128 * 384;
    assertThat(cost.operations(new Measurement(Work.ENCODER, 32, 128, 0, 1)))
        .isCloseTo(32 * (2 * 128 * weights + attention), within(1.0));
    assertThat(cost.operations(new Measurement(Work.TRAIN_FULL, 32, 128, 0, 1)))
        .isCloseTo(3 * 32 * (2 * 128 * weights + attention), within(3.0));
  }

  @Test
  void aDecodersStepReadsEveryWeightAndEveryKeyAndValueOnce() {
    ModelCost cost =
        ModelCost.of(
            ModelConfig.parse(
                "test",
                """
                {"model_type": "llama", "hidden_size": 1024, "num_hidden_layers": 16,
                 "num_attention_heads": 16, "num_key_value_heads": 8, "intermediate_size": 2816,
                 "vocab_size": 32000}
                """),
            Section.DECODER);

    double weights =
        16 * (2 * 1024.0 * 1024 + 2 * 1024.0 * 512 + 3 * 1024.0 * 2816) + 1024.0 * 32000;
    double cached = 2.0 * 4 * 128 * 512 * 16;
    Measurement step = new Measurement(Work.DECODE, 4, 128, 0, 1);
    assertThat(cost.bytes(step, Weights.BFLOAT16)).isCloseTo(2 * (weights + cached), within(1.0));
    assertThat(cost.bytes(step, Weights.INT4)).isCloseTo(0.625 * weights + 2 * cached, within(1.0));
  }
}
