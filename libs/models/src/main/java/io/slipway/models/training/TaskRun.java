package io.slipway.models.training;

import io.slipway.models.layers.pass.Adapter;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.layers.pass.RowAdapters;
import io.slipway.models.runtime.Autocast;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.training.run.TrainedWeights;
import io.slipway.models.training.run.TrainingRun;
import io.slipway.models.training.settings.TrainingSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** An objective and the steps towards it. */
record TaskRun<E, X>(
    Objective<E, X> objective,
    TrainingRun<X> steps,
    TrainedWeights weights,
    ComputeExecutor executor,
    TrainingSettings settings) {

  static <E, X> TaskRun<E, X> of(
      Objective<E, X> objective,
      List<E> rows,
      ComputeExecutor executor,
      TrainedWeights weights,
      String goal,
      TrainingSettings settings)
      throws IOException, InterruptedException {
    TrainingRun<X> steps =
        new TrainingRun<>(
            executor, weights, objective::batch, objective.examples(rows), goal, settings);
    return new TaskRun<>(objective, steps, weights, executor, settings);
  }

  /** Measures in batches of similar lengths. */
  Validation validate(List<E> rows) throws InterruptedException {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("there are no rows to validate on");
    }
    List<X> byLength =
        objective.examples(rows).stream()
            .sorted(Comparator.comparingInt(objective::length))
            .toList();
    Measurement<X> measurement = objective.measurement();
    for (int from = 0; from < byLength.size(); from += settings.microBatch()) {
      int to = Math.min(from + settings.microBatch(), byLength.size());
      measure(measurement.prepare(byLength.subList(from, to)));
    }
    return measurement.result(rows.size());
  }

  private void measure(Consumer<Forward> batch) throws InterruptedException {
    try {
      executor.call(
          () ->
              Autocast.under(
                  settings.precision(),
                  executor.device(),
                  true,
                  () -> {
                    batch.accept(forward());
                    return true;
                  }));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Forward forward() {
    Adapter adapter = weights.adapter();
    return Forward.inference(adapter == null ? RowAdapters.NONE : RowAdapters.all(adapter));
  }
}
