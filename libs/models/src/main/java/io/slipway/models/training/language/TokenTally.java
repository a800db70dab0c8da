package io.slipway.models.training.language;

import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import io.slipway.models.training.CrossEntropy;
import io.slipway.models.training.Validation;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** Counts a validation of written tokens. {@code perplexity} is e to the power of the loss. */
final class TokenTally {

  private double loss;
  private double tokens;

  /**
   * Counts a batch.
   *
   * @param logits [rows, length, vocabulary]
   * @param targets of each position
   */
  void add(Tensor logits, long[] targets, ComputeDevice device) {
    CrossEntropy plain = CrossEntropy.plain();
    loss += plain.sum(logits, Tensors.of(targets, device, targets.length)).item_float();
    tokens += plain.items(targets);
  }

  Validation result(int rows) {
    return result(rows, Map.of());
  }

  /**
   * The outcome.
   *
   * @param first metrics that matter more
   */
  Validation result(int rows, Map<String, Double> first) {
    double mean = tokens == 0 ? 0 : loss / tokens;
    Map<String, Double> metrics = new LinkedHashMap<>(first);
    metrics.put("perplexity", Math.exp(mean));
    return new Validation(rows, mean, metrics);
  }
}
