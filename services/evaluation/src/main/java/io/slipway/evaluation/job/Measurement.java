package io.slipway.evaluation.job;

import io.slipway.datasets.LabelledText;
import io.slipway.evaluation.metrics.ClassificationMetrics;
import io.slipway.evaluation.metrics.ConfusionMatrix;
import io.slipway.evaluation.metrics.Latencies;
import io.slipway.evaluation.metrics.LatencyStatistics;
import io.slipway.evaluation.model.Classifier;
import io.slipway.evaluation.v1.ClassMetrics;
import io.slipway.evaluation.v1.ClassificationReport;
import io.slipway.evaluation.v1.ConfusionRow;
import io.slipway.evaluation.v1.LatencySummary;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What has been seen of a model so far, and the report on it. */
final class Measurement {

  private static final double NANOS_A_SECOND = 1e9;

  private final ConfusionMatrix matrix;
  private final Latencies latencies = new Latencies();

  Measurement(List<String> labels) {
    this.matrix = new ConfusionMatrix(labels);
  }

  void add(List<LabelledText> batch, Classifier.Answer answer) {
    for (int i = 0; i < batch.size(); i++) {
      matrix.add(batch.get(i).label(), answer.labels().get(i));
    }
    latencies.add(answer.time());
  }

  long rows() {
    return matrix.rows();
  }

  /**
   * @param elapsed from the first call to the last answer
   */
  ClassificationReport report(Duration elapsed) {
    ClassificationMetrics metrics = ClassificationMetrics.of(matrix);
    return ClassificationReport.newBuilder()
        .setAccuracy(metrics.accuracy())
        .setMacroF1(metrics.macroF1())
        .setMicroF1(metrics.microF1())
        .setMacroPrecision(metrics.macroPrecision())
        .setMacroRecall(metrics.macroRecall())
        .addAllClasses(classes(metrics))
        .addAllConfusion(
            IntStream.range(0, matrix.labels().size()).mapToObj(this::confusion).toList())
        .setRows(matrix.rows())
        .setLatency(latency(elapsed))
        .build();
  }

  private static List<ClassMetrics> classes(ClassificationMetrics metrics) {
    return metrics.classes().stream()
        .map(
            score ->
                ClassMetrics.newBuilder()
                    .setLabel(score.label())
                    .setPrecision(score.precision())
                    .setRecall(score.recall())
                    .setF1(score.f1())
                    .setSupport(score.support())
                    .build())
        .toList();
  }

  private ConfusionRow confusion(int actual) {
    LongStream counts =
        IntStream.range(0, matrix.labels().size())
            .mapToLong(predicted -> matrix.count(actual, predicted));
    return ConfusionRow.newBuilder()
        .setLabel(matrix.labels().get(actual))
        .addAllCounts(counts.boxed().toList())
        .build();
  }

  private LatencySummary latency(Duration elapsed) {
    LatencyStatistics statistics = latencies.statistics();
    double seconds = Math.max(elapsed.toNanos(), 1) / NANOS_A_SECOND;
    return LatencySummary.newBuilder()
        .setMeanMs(statistics.mean())
        .setP50Ms(statistics.p50())
        .setP95Ms(statistics.p95())
        .setP99Ms(statistics.p99())
        .setRowsPerSecond(matrix.rows() / seconds)
        .build();
  }
}
