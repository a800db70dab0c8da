package io.slipway.evaluation.job;

import io.slipway.datasets.LabelledText;
import io.slipway.evaluation.EvaluationProperties;
import io.slipway.evaluation.data.EvaluationRows;
import io.slipway.evaluation.model.Classifier;
import io.slipway.evaluation.v1.ClassificationReport;
import io.slipway.kit.errors.DatasetRefusals;
import io.slipway.kit.jobs.JobRun;
import io.slipway.registry.v1.ModelVersion;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Streams rows through a model, a few batches at a time, and says how far it has come. */
@Component
class RowMeasurements {

  private record Answered(List<LabelledText> batch, Classifier.Answer answer) {}

  private final EvaluationProperties properties;
  private final Clock clock;

  RowMeasurements(EvaluationProperties properties, Clock clock) {
    this.properties = properties;
    this.clock = clock;
  }

  /**
   * @param total how many rows there are, for the progress
   */
  ClassificationReport measure(
      JobRun run, EvaluationRows rows, long total, ModelVersion version, Classifier classifier)
      throws InterruptedException {
    var measurement = new Measurement(version.getLabelsList());
    Instant begin = clock.instant();
    Instant reported = begin;
    try (Stream<LabelledText> stream = DatasetRefusals.translating(rows::stream);
        var calls = new CallsInFlight<Answered>(properties.batchesInFlight())) {
      Iterator<List<LabelledText>> batches =
          stream.gather(Gatherers.windowFixed(properties.batchRows())).iterator();
      while (DatasetRefusals.translating(batches::hasNext)) {
        List<LabelledText> batch = batches.next();
        calls.begin(() -> ask(classifier, batch)).ifPresent(a -> count(measurement, a));
        reported = report(run, measurement, total, reported);
      }
      for (var last = calls.next(); last.isPresent(); last = calls.next()) {
        count(measurement, last.get());
        reported = report(run, measurement, total, reported);
      }
    }
    return measurement.report(Duration.between(begin, clock.instant()));
  }

  private static Answered ask(Classifier classifier, List<LabelledText> batch)
      throws InterruptedException {
    return new Answered(
        batch, classifier.classify(batch.stream().map(LabelledText::text).toList()));
  }

  private static void count(Measurement measurement, Answered answered) {
    measurement.add(answered.batch, answered.answer);
  }

  /**
   * @return when progress was reported last
   */
  private Instant report(JobRun run, Measurement measurement, long total, Instant reported) {
    run.checkCancelled();
    Instant now = clock.instant();
    if (Duration.between(reported, now).compareTo(properties.progressInterval()) < 0) {
      return reported;
    }
    run.report(Evaluations.progress(measurement.rows(), total));
    return now;
  }
}
