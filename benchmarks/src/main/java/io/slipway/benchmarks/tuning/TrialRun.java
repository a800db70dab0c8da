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
    Path folder = Files.createTempDirectory("slipway-tuning");
    try {
      Path fresh = Files.createDirectory(folder.resolve("fresh"));
      return run(trial, trial.plan(files, fresh, factor), fresh, folder.resolve("pretrained"));
    } finally {
      delete(folder);
    }
  }

  private <E> TrialResult run(Trial trial, Plan<E> plan, Path fresh, Path pretrained)
      throws IOException, InterruptedException {
    int train = plan.tuning().rows().size();
    int heldOut = plan.heldOut().size();
    if (train == 0 || heldOut == 0) {
      throw new DatasetException(
          DatasetException.Reason.EMPTY_DATASET,
          "there are %d rows to learn from and %d to measure on, expected some of both"
              .formatted(train, heldOut));
    }
    long start = System.nanoTime();
    Optional<LossCurve> pretraining = Optional.empty();
    if (plan.pretraining().isPresent()) {
      try (FineTuning<E> training = begin(fresh, plan, plan.pretraining().get())) {
        pretraining = Optional.of(finish(training));
        training.saveModel(pretrained);
      }
    }
    Path checkpoint = pretraining.isPresent() ? pretrained : fresh;
    LossCurve tuning;
    List<Score> scores;
    try (FineTuning<E> training = begin(checkpoint, plan, plan.tuning())) {
      tuning = finish(training);
      scores = plan.judge().judge(training::validate);
    }
    double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
    OptionalDouble difference =
        reference.isPresent()
            ? OptionalDouble.of(reference.get().difference(checkpoint, plan, executor))
            : OptionalDouble.empty();
    return new TrialResult(trial, train, heldOut, pretraining, tuning, scores, seconds, difference);
  }

  private <E> FineTuning<E> begin(Path checkpoint, Plan<E> plan, Lesson<E> lesson)
      throws IOException, InterruptedException {
    return FineTuning.start(checkpoint, plan.goal(), lesson.all(), lesson.settings(), executor);
  }

  private static LossCurve finish(FineTuning<?> training) throws InterruptedException {
    List<Double> losses = new ArrayList<>();
    while (!training.finished()) {
      losses.add(training.step().loss());
    }
    return new LossCurve(losses);
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
