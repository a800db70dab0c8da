package io.slipway.benchmarks.tuning;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a trial went.
 *
 * @param trainRows of the dataset, without what was made of them to be learned first
 * @param pretraining empty where there was none
 * @param difference the worst from the reference's first losses, as a part of them
 */
record TrialResult(
    Trial trial,
    int trainRows,
    int heldOutRows,
    Optional<LossCurve> pretraining,
    LossCurve tuning,
    List<Score> scores,
    double seconds,
    OptionalDouble difference) {

  /** Sentences on what fails the trial; none where it holds. */
  List<String> failures() {
    List<String> failures = new ArrayList<>();
    pretraining
        .filter(curve -> !curve.falls())
        .ifPresent(curve -> failures.add(risen("the loss of the pretraining", curve)));
    if (!tuning.falls()) {
      failures.add(risen("the loss", tuning));
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

  private String risen(String what, LossCurve curve) {
    return "%s: %s did not fall: %.4f at first, %.4f at last"
        .formatted(trial.label(), what, curve.first(), curve.last());
  }

  private String worse(Score score) {
    return "%s: %s is %.4f, no better than %.4f of: %s"
        .formatted(
            trial.label(), score.metric(), score.value(), score.baselineValue(), score.baseline());
  }
}
