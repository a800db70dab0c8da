package io.slipway.models.generation.scores;

import io.slipway.models.generation.scores.ScoreRow.Best;
import io.slipway.models.generation.settings.Sampling;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Seed;
import io.slipway.models.runtime.Tensors;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Draws tokens. Filters look at the best tokens only, as many as they turn out to need. */
public final class Sampler {

  /** Tokens that are looked at first, where no limit is known. */
  private static final int FIRST_LOOK = 256;

  private final Sampling sampling;
  private final Seed seed;

  public Sampler(Sampling sampling) {
    this.sampling = sampling;
    this.seed = new Seed(sampling.seed());
  }

  /**
   * Draws a token.
   *
   * @param number of the new token, which decides the draw
   */
  public int draw(ScoreRow scores, int number) {
    double chance = (seed.derive(number).value() >>> 11) * 0x1.0p-53;
    return sampling.unfiltered() ? fromAll(scores, chance) : fromKept(kept(scores), chance);
  }

  private int fromAll(ScoreRow scores, double chance) {
    Tensor sums = torch.softmax(scaled(scores), -1).cumsum(-1); // [vocabulary]
    double all = sums.select(0, scores.vocabulary() - 1L).item_double();
    requireSome(all > 0);
    Tensor threshold = Tensors.of(new float[] {0}, ComputeDevice.CPU, 1).to(ScalarType.Double);
    long token =
        torch
            .searchsorted(sums, threshold.add_(new Scalar(chance * all)), false, true, null, null)
            .item_long();
    return (int) Math.min(token, scores.vocabulary() - 1L);
  }

  private Tensor scaled(ScoreRow scores) {
    return scores.tensor().to(ScalarType.Double).div(new Scalar(sampling.temperature()));
  }

  private static int fromKept(Candidates kept, double chance) {
    double all = Arrays.stream(kept.probabilities()).sum();
    requireSome(all > 0);
    double left = chance * all;
    int last = kept.tokens().length - 1;
    for (int i = 0; i < last; i++) {
      left -= kept.probabilities()[i];
      if (left < 0) {
        return kept.tokens()[i];
      }
    }
    return kept.tokens()[last];
  }

  private static void requireSome(boolean some) {
    if (!some) {
      throw new IllegalStateException("no token is left to draw: all are forbidden");
    }
  }

  /**
   * Tokens that may be drawn, the best first.
   *
   * @param probabilities in proportion; they need not add up to 1
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Candidates(int[] tokens, double[] probabilities) {

    Candidates first(int count) {
      return count == tokens.length
          ? this
          : new Candidates(Arrays.copyOf(tokens, count), Arrays.copyOf(probabilities, count));
    }
  }

  /** The tokens that the filters leave. */
  Candidates kept(ScoreRow scores) {
    int vocabulary = scores.vocabulary();
    boolean bounded = sampling.topK() > 0 || sampling.topP() < 1 || sampling.minP() > 0;
    int look = bounded ? Math.max(FIRST_LOOK, sampling.topK() + 1) : vocabulary;
    while (true) {
      look = Math.min(look, vocabulary);
      Candidates best = probabilities(scores.best(look), scores);
      int count = count(best, look == vocabulary);
      if (count >= 0) {
        Candidates kept = best.first(count);
        return sampling.typicalP() < 1 ? typical(kept) : kept;
      }
      look = look > vocabulary / 8 ? vocabulary : look * 8;
    }
  }

  /** Probabilities among all tokens or, with a top k, in proportion to the best. */
  private Candidates probabilities(Best best, ScoreRow scores) {
    double all =
        sampling.topK() > 0
            ? best.scores()[0] / sampling.temperature()
            : torch.logsumexp(scaled(scores), new long[] {0}, false).item_double();
    int possible = 0;
    while (possible < best.scores().length && best.scores()[possible] > Float.NEGATIVE_INFINITY) {
      possible++;
    }
    requireSome(possible > 0);
    int[] tokens = new int[possible];
    double[] probabilities = new double[possible];
    for (int i = 0; i < possible; i++) {
      tokens[i] = (int) best.tokens()[i];
      probabilities[i] = Math.exp(best.scores()[i] / sampling.temperature() - all);
    }
    return new Candidates(tokens, probabilities);
  }

  /** How many of the best are left, or -1 when more of them have to be seen to tell. */
  private int count(Candidates best, boolean all) {
    int count = best.tokens().length;
    boolean sure = all;
    double[] p = best.probabilities();
    if (sampling.topK() > 0 && sampling.topK() < count) {
      int k = sampling.topK();
      while (k < count && p[k] == p[sampling.topK() - 1]) {
        k++; // The reference keeps those that equal the last.
      }
      sure |= k < count;
      count = k;
    }
    if (sampling.topP() < 1) {
      if (sampling.topK() > 0 && !sure) {
        return -1;
      }
      double whole = sampling.topK() > 0 ? sum(p, count) : 1;
      double enough = sampling.topP() * whole;
      int n = 1;
      double before = p[0];
      while (n < count && before < enough) {
        before += p[n++];
      }
      sure |= n < count || before >= enough;
      count = n;
    }
    if (sampling.minP() > 0) {
      int n = 1;
      while (n < count && p[n] >= sampling.minP() * p[0]) {
        n++;
      }
      sure |= n < count;
      count = n;
    }
    return sure ? count : -1;
  }

  private static double sum(double[] values, int count) {
    return Arrays.stream(values, 0, count).sum();
  }

  /**
   * Keeps the tokens whose information is nearest to its mean, up to a probability.
   *
   * @see <a href="https://arxiv.org/abs/2202.00666">Meister et al. 2022</a>
   */
  private Candidates typical(Candidates from) {
    double all = sum(from.probabilities(), from.tokens().length);
    double[] p = Arrays.stream(from.probabilities()).map(value -> value / all).toArray();
    double entropy = -Arrays.stream(p).map(value -> value == 0 ? 0 : value * Math.log(value)).sum();
    double[] distance =
        Arrays.stream(p).map(value -> Math.abs(-Math.log(value) - entropy)).toArray();
    int[] order =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> distance[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double mass = 0;
    int last = 0;
    for (int i = 0; i < order.length && mass < sampling.typicalP(); i++) {
      mass += p[order[i]];
      last = i;
    }
    double limit = distance[order[last]];
    int[] kept = IntStream.range(0, p.length).filter(i -> distance[i] <= limit).toArray();
    return new Candidates(
        Arrays.stream(kept).map(i -> from.tokens()[i]).toArray(),
        Arrays.stream(kept).mapToDouble(i -> p[i]).toArray());
  }
}
