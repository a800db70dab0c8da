package io.slipway.models.task.tokens;

/**
 * A token with its scores, or a word whose label is decided.
 *
 * @param text as the vocabulary spells it; the text itself where the vocabulary lacks it
 * @param scores by label
 * @param subword whether it continues a word
 */
@SuppressWarnings("ArrayRecordComponent")
record LabelledToken(String text, double[] scores, int index, int start, int end, boolean subword) {

  /** The label with the highest score, the first one of several. */
  int best() {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  double bestScore() {
    return scores[best()];
  }
}
