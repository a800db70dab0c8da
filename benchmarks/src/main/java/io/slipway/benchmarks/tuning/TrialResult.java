package io.slipway.benchmarks.tuning;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How a trial went.
 *
 * @param losses of all steps
 * @param difference the worst from the reference's first losses, as a part of them
 */
record TrialResult(
    Trial trial,
    int trainRows,
    int heldOutRows,
    List<Double> losses,
    List<Score> scores,
    double seconds,
    OptionalDouble difference) {

  /** Steps whose mean loss stands for a single one's, which depends much on its rows. */
  private static final int STEPS_OF_A_MEAN = 5;

  double firstLoss() {
    return mean(losses.subList(0, Math.min(STEPS_OF_A_MEAN, losses.size())));
  }

  double lastLoss() {
    return mean(losses.subList(Math.max(0, losses.size() - STEPS_OF_A_MEAN), losses.size()));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  /** Sentences on what fails the trial; none where it holds. */
  List<String> failures() {
    List<String> failures = new ArrayList<>();
    if (!(lastLoss() < firstLoss())) {
      failures.add(
          "%s: the loss did not fall: %.4f at first, %.4f at last"
              .formatted(trial.label(), firstLoss(), lastLoss()));
    }
    scores.stream()
        .filter(score -> score.required() && !score.beatsBaseline())
        .forEach(score -> failures.add(worse(score)));
    if (difference.isPresent() && !(difference.getAsDouble() < Reference.TOLERANCE)) {
      failures.add(
          "%s: the first losses are off the reference's by %.1e, expected less than %.0e"
              .formatted(trial.label(), difference.getAsDouble(), Reference.TOLERANCE));
    }
    return failures;
  }

  /** Sentences on what a model of this size and budget need not reach, and did not. */
  List<String> remarks() {
    return scores.stream()
        .filter(score -> !score.required() && !score.beatsBaseline())
        .map(score -> worse(score) + " (not required)")
        .toList();
  }

  private String worse(Score score) {
    return "%s: %s is %.4f, no better than %.4f of: %s"
        .formatted(
            trial.label(), score.metric(), score.value(), score.baselineValue(), score.baseline());
  }
}
