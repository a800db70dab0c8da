package io.slipway.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.modelfiles.ModelFilesException;
import io.slipway.modelfiles.ModelFilesException.Reason;
import io.slipway.models.ReferenceCase;
import io.slipway.models.ReferenceCase.Outputs;
import io.slipway.models.architecture.LoadedModel;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Tensors;
import io.slipway.models.training.run.Batch;
import io.slipway.models.training.run.TrainedWeights;
import io.slipway.models.training.run.TrainingRun;
import io.slipway.models.training.settings.Schedule;
import io.slipway.models.training.settings.TrainingSettings;
import java.util.List;

/** Runs a case and measures how far it is from the reference. */
public final class ReferenceRun {

  private ReferenceRun() {}

  /** The model's outputs, in the order of {@link ReferenceCase#expected}. */
  public static List<float[]> outputs(
      ReferenceCase reference, Precision precision, ComputeExecutor executor) throws Exception {
    return executor.call(
        () -> {
          try (LoadedModel<?> model = reference.forInference(precision)) {
            return reference.outputs(model).compute(Forward.inference()).stream()
                .map(Tensors::floats)
                .toList();
          }
        });
  }

  /** The largest difference of an output; not a number when there are more or fewer of them. */
  public static double worstOutput(ReferenceCase reference, ComputeExecutor executor)
      throws Exception {
    List<float[]> expected = reference.expected();
    List<float[]> actual = outputs(reference, Precision.FLOAT32, executor);
    if (actual.size() != expected.size()) {
      return Double.NaN;
    }
    double worst = 0;
    for (int i = 0; i < actual.size(); i++) {
      if (actual.get(i).length != expected.get(i).length) {
        return Double.NaN;
      }
      for (int j = 0; j < actual.get(i).length; j++) {
        worst = Math.max(worst, Math.abs(actual.get(i)[j] - expected.get(i)[j]));
      }
    }
    return worst;
  }

  /** Makes sure that a case is not run, for this reason, and that the message says why. */
  public static void assertRefused(
      ReferenceCase reference, Reason reason, String message, ComputeExecutor executor) {
    assertThatThrownBy(() -> worstOutput(reference, executor))
        .isInstanceOfSatisfying(
            ModelFilesException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(message);
  }

  /**
   * The largest relative difference of a loss before a step, each with the whole batch; 0 when the
   * reference did not train.
   */
  public static double worstLoss(ReferenceCase reference, ComputeExecutor executor)
      throws Exception {
    if (reference.losses().isEmpty()) {
      return 0;
    }
    TrainingSettings settings =
        TrainingSettings.defaults()
            .with()
            .epochs(reference.losses().size())
            .batchSize(1)
            .learningRate(1e-3)
            .schedule(Schedule.CONSTANT)
            .warmupRatio(0)
            .weightDecay(0)
            .maxGradientNorm(0)
            .settings();
    LoadedModel<?> model = executor.call(reference::forTraining);
    Outputs outputs = reference.taught(model);
    Batch batch = new Batch(1, forward -> reference.loss(outputs.compute(forward)));
    double worst = 0;
    try (TrainingRun<ReferenceCase> run =
        new TrainingRun<>(
            executor,
            TrainedWeights.all(model.weights()),
            examples -> batch,
            List.of(reference),
            reference.toString(),
            settings)) {
      for (double expected : reference.losses()) {
        worst = Math.max(worst, Math.abs(run.step().loss() - expected) / Math.abs(expected));
      }
    } finally {
      executor.release(model::close);
    }
    return worst;
  }
}
