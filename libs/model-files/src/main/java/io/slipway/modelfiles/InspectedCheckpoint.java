package io.slipway.modelfiles;

import io.slipway.modelfiles.safetensors.Dtype;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a verified checkpoint is.
 *
 * @param labels class labels by index; empty when it has no classification head
 * @param parametersByDtype number of weights by their type, as the hub's {@code
 *     safetensors.parameters}
 * @param weightBytes size of all weights
 * @param notes things that do not hinder, but that its user should know
 */
public record InspectedCheckpoint(
    String modelType,
    String architecture,
    Verdict verdict,
    List<String> labels,
    long parameterCount,
    Map<Dtype, Long> parametersByDtype,
    long weightBytes,
    List<String> notes) {

  /**
   * What it is for.
   *
   * @param claimed what its origin says; counts where its head does not tell it alone
   */
  public Optional<Task> task(Optional<Task> claimed) {
    return claimed
        .filter(task -> SupportedArchitectures.require(modelType, architecture).answers(task))
        .or(verdict::task);
  }
}
