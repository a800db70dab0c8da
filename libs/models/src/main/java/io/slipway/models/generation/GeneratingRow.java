package io.slipway.models.generation;

import io.slipway.models.generation.scores.LogProbabilities;
import io.slipway.models.generation.scores.Sampler;
import io.slipway.models.generation.scores.ScoreAdjustment;
import io.slipway.models.generation.scores.ScoreRow;
import io.slipway.models.generation.scores.ScoredToken;
import io.slipway.models.generation.scores.TokenHistory;
import io.slipway.models.generation.settings.GenerationSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** One sequence of a batch: what it has, what comes next, and whether it goes on. */
final class GeneratingRow {

  private final GenerationRequest request;
  private final GenerationSettings settings;
  private final ScoreAdjustment adjustment;
  private final @Nullable Sampler sampler;
  private final TokenHistory history;
  private final StopStrings stops;
  private final List<ScoredToken> promptScores = new ArrayList<>();
  private long[] due;
  private boolean finished;

  /**
   * A row at its prompt.
   *
   * @param remembered how many of the prompt's tokens the model has read already
   */
  GeneratingRow(GenerationRequest request, int remembered) {
    this.request = request;
    this.settings = request.settings();
    if (remembered >= request.prompt().length) {
      throw new IllegalArgumentException(
          "%d tokens are remembered of a prompt of %d, expected fewer"
              .formatted(remembered, request.prompt().length));
    }
    if (settings.promptLogProbabilities() && remembered > 0) {
      throw new IllegalArgumentException(
          "the scores of a prompt are asked for, of which %d tokens were read before"
              .formatted(remembered));
    }
    this.adjustment = new ScoreAdjustment(settings);
    this.sampler = settings.sampling().map(Sampler::new).orElse(null);
    this.history = new TokenHistory(request.prompt());
    this.stops = new StopStrings(settings.stopping());
    this.due = Arrays.copyOfRange(request.prompt(), remembered, request.prompt().length);
    if (settings.promptLogProbabilities()) {
      promptScores.add(ScoredToken.unscored(request.prompt()[0]));
    }
  }

  GenerationRequest request() {
    return request;
  }

  /** Tokens that the model has yet to read. */
  long[] due() {
    return due;
  }

  boolean finished() {
    return finished;
  }

  boolean scoresPrompt() {
    return settings.promptLogProbabilities() && history.generated() == 0;
  }

  /** Whether the best of the model's own scores is taken, and nothing else is asked about them. */
  boolean takesBest() {
    return sampler == null
        && adjustment.changesNothing()
        && settings.topLogProbabilities().isEmpty();
  }

  /** Takes note of scores of what follows the prompt's tokens: [tokens, vocabulary] */
  void readPrompt(int from, Tensor scores) {
    promptScores.addAll(
        LogProbabilities.ofPrompt(
            scores, request.prompt(), from, settings.topLogProbabilities().orElse(0)));
  }

  /**
   * Chooses the next token.
   *
   * @param scores [vocabulary], float, on the CPU; changed in place
   */
  GenerationStep choose(Tensor scores) {
    if (settings.maxNewTokens() == 0) {
      return step(Optional.empty(), "", Optional.of(FinishReason.LENGTH));
    }
    OptionalInt top = settings.topLogProbabilities();
    Tensor own = top.isPresent() ? scores.clone() : scores;
    ScoreRow row = ScoreRow.of(scores);
    adjustment.apply(row, history);
    int token =
        sampler == null ? (int) row.best(1).tokens()[0] : sampler.draw(row, history.generated());
    return accept(
        top.isEmpty()
            ? ScoredToken.unscored(token)
            : LogProbabilities.of(own.unsqueeze(0), new long[] {token}, top.getAsInt()).getFirst());
  }

  /** Takes the best token, where that is all that is asked. */
  GenerationStep chooseBest(long token) {
    return settings.maxNewTokens() == 0
        ? step(Optional.empty(), "", Optional.of(FinishReason.LENGTH))
        : accept(ScoredToken.unscored(token));
  }

  private GenerationStep accept(ScoredToken token) {
    int id = Math.toIntExact(token.id());
    history.add(id);
    due = new long[] {id};
    if (settings.stopping().tokens().contains(id)) {
      return end(token, "", FinishReason.STOP_TOKEN);
    }
    String text = stops.add(request.text().add(id));
    if (stops.found()) {
      return step(Optional.of(token), text, Optional.of(FinishReason.STOP_STRING));
    }
    return history.generated() >= settings.maxNewTokens()
        ? end(token, text, FinishReason.LENGTH)
        : step(Optional.of(token), text, Optional.empty());
  }

  private GenerationStep end(ScoredToken token, String text, FinishReason reason) {
    String rest = text + rest();
    return step(
        Optional.of(token), rest, Optional.of(stops.found() ? FinishReason.STOP_STRING : reason));
  }

  private String rest() {
    return stops.add(request.text().finish()) + stops.finish();
  }

  /** Ends the sequence where it is. */
  GenerationStep cancel() {
    return step(Optional.empty(), rest(), Optional.of(FinishReason.CANCELLED));
  }

  private GenerationStep step(
      Optional<ScoredToken> token, String text, Optional<FinishReason> reason) {
    finished = reason.isPresent();
    List<ScoredToken> prompt = List.copyOf(promptScores);
    promptScores.clear();
    return new GenerationStep(request.id(), prompt, token, text, reason);
  }
}
