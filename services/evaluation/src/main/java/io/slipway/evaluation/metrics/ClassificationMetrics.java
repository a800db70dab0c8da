package io.slipway.evaluation.metrics;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The usual measures of a classifier, as scikit-learn's {@code precision_recall_fscore_support}
 * defines them with {@code zero_division=0}: a macro average is the plain mean over the classes
 * that occur, as a true or as a predicted one; a micro average is taken over the sums of all
 * classes, and equals the accuracy where each row has one label.
 *
 * @param classes one a class, in the matrix's order, those that do not occur too
 */
public record ClassificationMetrics(
    double accuracy,
    double macroF1,
    double microF1,
    double macroPrecision,
    double macroRecall,
    List<ClassScore> classes) {

  public ClassificationMetrics {
    classes = List.copyOf(classes);
  }

  /**
   * @throws IllegalArgumentException when the matrix counts no row
   */
  public static ClassificationMetrics of(ConfusionMatrix matrix) {
    if (matrix.rows() == 0) {
      throw new IllegalArgumentException("There are no rows to measure on");
    }
    List<ClassScore> classes =
        IntStream.range(0, matrix.labels().size())
            .mapToObj(
                i ->
                    ClassScore.of(
                        matrix.labels().get(i),
                        matrix.count(i, i),
                        matrix.support(i),
                        matrix.predictions(i)))
            .toList();
    long hits = IntStream.range(0, classes.size()).mapToLong(i -> matrix.count(i, i)).sum();
    long support = classes.stream().mapToLong(ClassScore::support).sum();
    long predictions = classes.stream().mapToLong(ClassScore::predictions).sum();
    return new ClassificationMetrics(
        ClassScore.ratio(hits, matrix.rows()),
        macro(classes, ClassScore::f1),
        ClassScore.ratio(2 * hits, support + predictions),
        macro(classes, ClassScore::precision),
        macro(classes, ClassScore::recall),
        classes);
  }

  private static double macro(List<ClassScore> classes, ToDoubleFunction<ClassScore> measure) {
    return classes.stream()
        .filter(ClassScore::occurs)
        .mapToDouble(measure)
        .average()
        .orElseThrow(() -> new IllegalStateException("A matrix with rows has a class"));
  }
}
