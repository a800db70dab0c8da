package io.slipway.models.task.answers;

import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.task.ScoreFunction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The likeliest answers in one window over a context, in the way of the reference's
 * question-answering pipeline: a span's score is the product of the probabilities of its first and
 * its last token among those of the context and the [CLS] token, which stands for "no answer".
 */
final class AnswerSpans {

  private static final int CONTEXT = 1;

  private final TokenizedText window;
  private final double[] starts;
  private final double[] ends;
  private final double nullScore;

  /** A span of tokens, both ends included. */
  record Span(int first, int last, double score) {}

  /** Characters of a context, the end excluded. */
  record Characters(int start, int end) {}

  /**
   * @param logits [length, 2]: scores of being the first and the last token
   * @param cls id of the token that stands for "no answer"; -1 when there is none
   */
  AnswerSpans(TokenizedText window, float[][] logits, long cls) {
    this.window = window;
    this.starts = probabilities(logits, 0, cls);
    this.ends = probabilities(logits, 1, cls);
    this.nullScore = starts[0] * ends[0];
  }

  private double[] probabilities(float[][] logits, int side, long cls) {
    float[] scores = new float[logits.length];
    for (int i = 0; i < scores.length; i++) {
      boolean candidate = window.sequences()[i] == CONTEXT || window.ids()[i] == cls;
      scores[i] = candidate ? logits[i][side] : -10000;
    }
    return ScoreFunction.SOFTMAX.apply(scores);
  }

  /** The probability that the window has no answer. */
  double nullScore() {
    return nullScore;
  }

  /** Spans by falling score, {@code count} at most. */
  List<Span> best(int count, int maxAnswerLength) {
    Comparator<Span> worst = Comparator.comparingDouble(Span::score);
    PriorityQueue<Span> best = new PriorityQueue<>(worst);
    for (int first = 1; first < window.length(); first++) {
      if (window.sequences()[first] != CONTEXT) {
        continue;
      }
      int end = (int) Math.min(window.length(), (long) first + maxAnswerLength);
      for (int last = first; last < end; last++) {
        double score = starts[first] * ends[last];
        if (window.sequences()[last] == CONTEXT
            && (best.size() < count || score > best.element().score())) {
          best.add(new Span(first, last, score));
          if (best.size() > count) {
            best.remove();
          }
        }
      }
    }
    List<Span> spans = new ArrayList<>(best);
    spans.sort(worst.reversed());
    return spans;
  }

  /**
   * Where a span stands in the context.
   *
   * @param wholeWords whether the words of its ends, as far as the window has them, belong to it
   */
  Characters characters(Span span, boolean wholeWords) {
    int first = span.first();
    int last = span.last();
    if (wholeWords && window.words()[first] >= 0 && window.words()[last] >= 0) {
      while (sameWord(first, first - 1)) {
        first--;
      }
      while (sameWord(last, last + 1)) {
        last++;
      }
    }
    return new Characters(window.starts()[first], window.ends()[last]);
  }

  private boolean sameWord(int token, int neighbour) {
    return neighbour >= 0
        && neighbour < window.length()
        && window.sequences()[neighbour] == CONTEXT
        && window.words()[neighbour] == window.words()[token];
  }
}
