package io.slipway.benchmarks.tuning;

import io.slipway.models.training.Validation;
import io.slipway.models.training.answers.AnswerTally;
import io.slipway.models.training.answers.AnsweredQuestion;
import io.slipway.models.training.language.TextPair;
import io.slipway.models.training.language.WritingTally;
import io.slipway.models.training.words.EntityTally;
import io.slipway.models.training.words.LabelledWords;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/** What comes out without a model: counted on the training rows, measured on the held-out ones. */
final class Baselines {

  private static final int LAST_PLACE = 40;
  private static final int LONGEST_ANSWER = 8;

  private Baselines() {}

  /** Writes a text for a source. */
  @FunctionalInterface
  interface Writer {

    /**
     * Writes it.
     *
     * @param words of the mean target
     */
    String write(String source, int words);
  }

  /** Accuracy of the most frequent label. */
  static double majority(List<Integer> train, List<Integer> heldOut) {
    int label = mostFrequent(train);
    return (double) heldOut.stream().filter(of -> of == label).count()
        / Math.max(1, heldOut.size());
  }

  /** Of several, the smallest. */
  static int mostFrequent(List<Integer> labels) {
    Map<Integer, Integer> counts = new TreeMap<>();
    labels.forEach(label -> counts.merge(label, 1, Integer::sum));
    int most = Collections.max(counts.values());
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() == most)
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  static Validation mostFrequentTag(DataRows<LabelledWords> rows, List<String> labels) {
    int tag = mostFrequent(tags(rows));
    return tagged(rows, labels, word -> tag);
  }

  /** Each word gets the tag that it has most often in training; the most frequent one if new. */
  static Validation rememberedTags(DataRows<LabelledWords> rows, List<String> labels) {
    Map<String, Map<Integer, Integer>> counts = new HashMap<>();
    for (LabelledWords row : rows.train()) {
      for (int i = 0; i < row.words().size(); i++) {
        counts
            .computeIfAbsent(row.words().get(i), word -> new TreeMap<>())
            .merge(row.labels().get(i), 1, Integer::sum);
      }
    }
    int unknown = mostFrequent(tags(rows));
    return tagged(
        rows,
        labels,
        word ->
            counts.getOrDefault(word, Map.of(unknown, 1)).entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey());
  }

  private static List<Integer> tags(DataRows<LabelledWords> rows) {
    return rows.train().stream().flatMap(row -> row.labels().stream()).toList();
  }

  private static Validation tagged(
      DataRows<LabelledWords> rows, List<String> labels, ToIntFunction<String> tagger) {
    EntityTally tally = new EntityTally(labels);
    for (LabelledWords row : rows.heldOut()) {
      List<float[]> scores =
          row.words().stream()
              .map(
                  word -> {
                    float[] certain = new float[labels.size()];
                    certain[tagger.applyAsInt(word)] = 1;
                    return certain;
                  })
              .toList();
      tally.add(scores, row.labels());
    }
    return tally.result(rows.heldOut().size());
  }

  /**
   * Perplexity of tokens by how often each occurs in training, plus one.
   *
   * @param vocabulary number of tokens that there are
   */
  static double unigramPerplexity(List<long[]> train, List<long[]> heldOut, int vocabulary) {
    Map<Long, Integer> counts = new HashMap<>();
    train.forEach(text -> Arrays.stream(text).forEach(id -> counts.merge(id, 1, Integer::sum)));
    double total = (double) vocabulary + train.stream().mapToInt(text -> text.length).sum();
    double loss =
        heldOut.stream()
            .flatMapToLong(Arrays::stream)
            .mapToDouble(id -> -Math.log((counts.getOrDefault(id, 0) + 1) / total))
            .average()
            .orElse(0);
    return Math.exp(loss);
  }

  /** F1 of always answering with the same words of a text, those that do best in training. */
  static double fixedPlace(DataRows<AnsweredQuestion> rows) {
    record Place(int start, int length) {
      double f1(List<AnsweredQuestion> questions) {
        return questions.stream().mapToDouble(row -> best(row)).average().orElse(0);
      }

      private double best(AnsweredQuestion row) {
        List<String> words = Arrays.asList(row.context().split("\\s+"));
        int from = Math.min(start, words.size() - 1);
        int to = Math.min(words.size(), from + length);
        List<String> guess = AnswerTally.words(String.join(" ", words.subList(from, to)));
        return row.answers().stream()
            .mapToDouble(answer -> AnswerTally.f1(guess, AnswerTally.words(answer.text())))
            .max()
            .orElse(0);
      }
    }
    return IntStream.range(0, LAST_PLACE * LONGEST_ANSWER)
        .mapToObj(i -> new Place(i / LONGEST_ANSWER, 1 + i % LONGEST_ANSWER))
        .max(Comparator.comparingDouble(place -> place.f1(rows.train())))
        .orElseThrow()
        .f1(rows.heldOut());
  }

  /** The source as it is. */
  static String whole(String source, int words) {
    return source;
  }

  /** So many words of the source's beginning. */
  static String lead(String source, int words) {
    List<String> all = Arrays.asList(source.split("\\s+"));
    return String.join(" ", all.subList(0, Math.min(words, all.size())));
  }

  static WritingTally written(DataRows<TextPair> rows, Writer writer, WritingTally tally) {
    double mean =
        rows.train().stream()
            .mapToInt(pair -> pair.target().split("\\s+").length)
            .average()
            .orElse(0);
    for (TextPair pair : rows.heldOut()) {
      tally.add(writer.write(pair.source(), (int) Math.round(mean)), pair.target());
    }
    return tally;
  }
}
