package io.slipway.models.generation;

import io.slipway.models.generation.scores.TokenHistory;
import io.slipway.models.generation.settings.Beams;
import io.slipway.models.generation.settings.Beams.EarlyStopping;
import io.slipway.models.generation.settings.GenerationSettings;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The beams of one prompt: those that run, and the finished ones that are best so far. */
final class BeamGroup {

  /** What the reference adds to the score of what must not be chosen. */
  private static final float BARRED = -1e9f;

  private record Running(TokenHistory history, float score) {}

  /** A sequence that may be chosen in a step. */
  private record Candidate(int parent, int token, float score, boolean ends) {}

  /** Finished, or a place that nothing has taken yet. */
  private record Finished(TokenHistory history, float score, boolean ended) {}

  private static final Comparator<Finished> BEST_FIRST =
      Comparator.comparing(Finished::score, Comparator.reverseOrder());

  private final long[] unread;
  private final GenerationSettings settings;
  private final Beams beams;
  private List<Running> running;
  private List<Finished> best;
  private int generated;
  private boolean done;

  /**
   * Beams at their prompt.
   *
   * @param remembered how many of the prompt's tokens the model has read already
   */
  BeamGroup(long[] prompt, int remembered, GenerationSettings settings, Beams beams) {
    this.unread = Arrays.copyOfRange(prompt, remembered, prompt.length);
    this.settings = settings;
    this.beams = beams;
    TokenHistory start = new TokenHistory(prompt);
    // All beams are the same at first; only one of them counts.
    this.running =
        IntStream.range(0, beams.count())
            .mapToObj(beam -> new Running(start, beam == 0 ? 0 : BARRED))
            .toList();
    this.best = Collections.nCopies(beams.count(), new Finished(start, BARRED, false));
  }

  /** What the model has to read: of one row before the first step, then of each beam. */
  List<long[]> due(boolean begun) {
    return begun
        ? running.stream()
            .map(beam -> new long[] {beam.history().token(beam.history().length() - 1)})
            .toList()
        : List.of(unread);
  }

  TokenHistory history(int beam) {
    return running.get(beam).history();
  }

  boolean finished() {
    return done;
  }

  /**
   * Takes the best continuations.
   *
   * @param logProbabilities of what follows each beam: [beams, vocabulary]
   * @return the beam that each of the new ones continues
   */
  int[] advance(Tensor logProbabilities) {
    List<Candidate> candidates = candidates(logProbabilities);
    generated++;
    finish(candidates);
    List<Candidate> next =
        candidates.stream()
            .map(c -> c.ends() ? new Candidate(c.parent(), c.token(), c.score() + BARRED, true) : c)
            .sorted(Comparator.comparing(Candidate::score, Comparator.reverseOrder()))
            .limit(beams.count())
            .toList();
    running = next.stream().map(c -> new Running(extended(c), c.score())).toList();
    done = !improvable() || (beams.earlyStopping() == EarlyStopping.TRUE && full()) || atEnd();
    return next.stream().mapToInt(Candidate::parent).toArray();
  }

  private List<Candidate> candidates(Tensor logProbabilities) {
    long vocabulary = logProbabilities.size(1);
    float[] before = new float[beams.count()];
    IntStream.range(0, before.length).forEach(beam -> before[beam] = running.get(beam).score());
    Tensor sums =
        logProbabilities.add(Tensors.of(before, ComputeDevice.CPU, before.length, 1)).flatten();
    int stops = settings.stopping().tokens().size();
    long count = Math.min((long) Math.max(2, 1 + stops) * beams.count(), sums.numel());
    T_TensorTensor_T top = torch.topk(sums, count, -1, true, true);
    float[] scores = Tensors.floats(top.get0());
    long[] places = Tensors.longs(top.get1());
    return IntStream.range(0, scores.length)
        .mapToObj(
            i -> {
              int token = (int) (places[i] % vocabulary);
              boolean ends = settings.stopping().tokens().contains(token) || lastToken();
              return new Candidate((int) (places[i] / vocabulary), token, scores[i], ends);
            })
        .toList();
  }

  private boolean lastToken() {
    return generated + 1 >= settings.maxNewTokens();
  }

  private boolean atEnd() {
    return generated >= settings.maxNewTokens();
  }

  private TokenHistory extended(Candidate candidate) {
    TokenHistory history = running.get(candidate.parent()).history().copy();
    history.add(candidate.token());
    return history;
  }

  /** Keeps those of the best candidates that end, where they are better than what is kept. */
  private void finish(List<Candidate> candidates) {
    List<Finished> all = new ArrayList<>(best);
    for (Candidate candidate : candidates.subList(0, Math.min(beams.count(), candidates.size()))) {
      if (candidate.ends()) {
        all.add(new Finished(extended(candidate), perLength(candidate.score(), generated), true));
      }
    }
    best = all.stream().sorted(BEST_FIRST).limit(beams.count()).toList();
  }

  private float perLength(float score, int length) {
    return score / (float) Math.pow(length, beams.lengthPenalty());
  }

  private boolean full() {
    return best.stream().allMatch(Finished::ended);
  }

  /** Whether a beam that runs may still become better than the worst that is kept. */
  private boolean improvable() {
    boolean toTheEnd = beams.earlyStopping() == EarlyStopping.NEVER && beams.lengthPenalty() > 0;
    int length = toTheEnd ? settings.maxNewTokens() : generated;
    float hoped = perLength(running.getFirst().score(), length);
    float worst = full() ? best.getLast().score() : BARRED;
    return hoped > worst;
  }

  List<BeamHypothesis> found() {
    return best.stream()
        .filter(Finished::ended)
        .map(
            beam -> {
              long[] ids = beam.history().generatedTokens();
              boolean stopped = settings.stopping().tokens().contains((int) ids[ids.length - 1]);
              return new BeamHypothesis(
                  ids, beam.score(), stopped ? FinishReason.STOP_TOKEN : FinishReason.LENGTH);
            })
        .toList();
  }
}
