package io.slipway.models.generation.scores;

import io.slipway.models.generation.settings.Constraints;
import io.slipway.models.generation.settings.GenerationSettings;
import io.slipway.models.generation.settings.Penalties;
import java.util.List;
import java.util.Set;

/**
 * Changes a model's scores by penalties and constraints, in the order and with the formulas of the
 * reference's logits processors; presence and frequency penalties are those of OpenAI's interface.
 */
public final class ScoreAdjustment {

  private final GenerationSettings settings;
  private final Constraints constraints;
  private final Penalties penalties;
  private final List<BadWord> badWords;
  private final boolean nothing;

  /** A sequence of tokens that must not be completed. */
  @SuppressWarnings("ArrayRecordComponent")
  private record BadWord(int[] before, int last) {

    static BadWord of(List<Integer> tokens) {
      int last = tokens.size() - 1;
      return new BadWord(
          tokens.subList(0, last).stream().mapToInt(Integer::intValue).toArray(), tokens.get(last));
    }
  }

  public ScoreAdjustment(GenerationSettings settings) {
    this.settings = settings;
    this.constraints = settings.constraints();
    this.penalties = settings.penalties();
    this.badWords =
        constraints.badWords().stream()
            .filter(word -> word.size() > 1 || !settings.stopping().tokens().contains(word.get(0)))
            .map(BadWord::of)
            .toList();
    this.nothing =
        constraints.equals(Constraints.NONE)
            && penalties.equals(Penalties.NONE)
            && (settings.minNewTokens() == 0 || settings.stopping().tokens().isEmpty());
  }

  /** Changes what may follow a sequence, in place. */
  public void apply(ScoreRow scores, TokenHistory history) {
    if (nothing) {
      return;
    }
    bias(scores);
    penalise(scores, history);
    forbidRepeatedNgrams(scores, history);
    for (BadWord word : badWords) {
      if (history.endsWith(word.before())) {
        scores.forbid(word.last());
      }
    }
    if (history.generated() < settings.minNewTokens()) {
      settings.stopping().tokens().forEach(scores::forbid);
    }
    if (constraints.forcedBosToken().isPresent() && history.length() == 1) {
      scores.force(Set.of(constraints.forcedBosToken().getAsInt()));
    }
    if (!constraints.forcedEosTokens().isEmpty()
        && history.generated() == settings.maxNewTokens() - 1) {
      scores.force(constraints.forcedEosTokens());
    }
    constraints.suppressed().forEach(scores::forbid);
    if (history.generated() == firstFree(history)) {
      constraints.suppressedFirst().forEach(scores::forbid);
    }
  }

  /** Number of the first new token that is not forced. */
  private int firstFree(TokenHistory history) {
    boolean forced =
        constraints.forcedBosToken().isPresent() && history.length() - history.generated() == 1;
    return forced ? 1 : 0;
  }

  /** Whether scores stay as they are, whatever the sequence. */
  public boolean changesNothing() {
    return nothing;
  }

  private void bias(ScoreRow scores) {
    constraints
        .logitBias()
        .forEach(
            (token, bias) -> {
              scores.requireToken(token);
              scores.set(token, scores.get(token) + bias.floatValue());
            });
  }

  private void penalise(ScoreRow scores, TokenHistory history) {
    if (penalties.repetition() != 1) {
      float penalty = (float) penalties.repetition();
      history.seen().stream()
          .takeWhile(token -> token < scores.vocabulary())
          .forEach(
              token -> {
                float score = scores.get(token);
                scores.set(token, score < 0 ? score * penalty : score / penalty);
              });
    }
    if (penalties.presence() != 0 || penalties.frequency() != 0) {
      history
          .counts()
          .forEach(
              (token, count) ->
                  scores.set(
                      token,
                      (float)
                          (scores.get(token)
                              - penalties.presence()
                              - penalties.frequency() * count)));
    }
  }

  private void forbidRepeatedNgrams(ScoreRow scores, TokenHistory history) {
    int size = constraints.noRepeatNgramSize();
    if (size == 0 || history.length() < size) {
      return;
    }
    int before = size - 1;
    int end = history.length() - before;
    for (int at = 0; at + before < history.length(); at++) {
      if (history.same(at, end, before)) {
        scores.forbid(history.token(at + before));
      }
    }
  }
}
