package io.slipway.benchmarks.tuning;

import io.slipway.benchmarks.tuning.DataFolder.DataFiles;
import io.slipway.datasets.DatasetException;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.training.FineTuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Runs trials, one after another.
 *
 * @param factor how many times the usual steps
 * @param reference whose losses ours are compared with
 */
record TrialRun(ComputeExecutor executor, double factor, Optional<Reference> reference) {

  private static final double NANOS_PER_SECOND = 1e9;

  /**
   * Runs one.
   *
   * @throws DatasetException when the files are not the dataset's
   */
  TrialResult run(Trial trial, DataFiles files) throws IOException, InterruptedException {
    Path checkpoint = Files.createTempDirectory("slipway-tuning");
    try {
      return run(trial, trial.plan(files, checkpoint, factor), checkpoint);
    } finally {
      delete(checkpoint);
    }
  }

  private <E> TrialResult run(Trial trial, Plan<E> plan, Path checkpoint)
      throws IOException, InterruptedException {
    DataRows<E> rows = plan.rows();
    if (rows.train().isEmpty() || rows.heldOut().isEmpty()) {
      throw new DatasetException(
          DatasetException.Reason.EMPTY_DATASET,
          "there are %d rows to learn from and %d to measure on, expected some of both"
              .formatted(rows.train().size(), rows.heldOut().size()));
    }
    long start = System.nanoTime();
    List<Double> losses = new ArrayList<>();
    List<Score> scores;
    try (FineTuning<E> training =
        FineTuning.start(checkpoint, plan.goal(), rows.train(), plan.settings(), executor)) {
      while (!training.finished()) {
        losses.add(training.step().loss());
      }
      scores = plan.judge().judge(training::validate);
    }
    double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
    OptionalDouble difference =
        reference.isPresent() && plan.reference().isPresent()
            ? OptionalDouble.of(
                reference.get().difference(checkpoint, plan, plan.reference().get(), executor))
            : OptionalDouble.empty();
    return new TrialResult(
        trial, rows.train().size(), rows.heldOut().size(), losses, scores, seconds, difference);
  }

  /** Deletes a folder with all that is in it. */
  static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> paths = Files.walk(folder)) {
      all = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
