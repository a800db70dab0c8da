package io.slipway.models.generation.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.data.Offset.offset;

import io.slipway.models.OnCpu;
import io.slipway.models.generation.settings.Sampling;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Tensors;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SamplerTests {

  private static final int DRAWS = 8_000;

  @OnCpu(threads = 1)
  private static ComputeExecutor executor;

  static Stream<Sampling> samplings() {
    return Stream.of(
        Sampling.plain(1),
        new Sampling(0.5, 0, 1, 0, 1, 2),
        new Sampling(1.7, 0, 1, 0, 1, 3),
        new Sampling(1, 7, 1, 0, 1, 4),
        new Sampling(1, 1, 1, 0, 1, 5),
        new Sampling(1, 0, 0.8, 0, 1, 6),
        new Sampling(1, 0, 0, 0, 1, 7),
        new Sampling(1, 0, 1, 0.1, 1, 8),
        new Sampling(1, 0, 1, 0, 0.6, 9),
        new Sampling(0.8, 30, 0.9, 0.02, 0.9, 10),
        new Sampling(1.3, 400, 0.95, 0, 1, 11));
  }

  @ParameterizedTest
  @MethodSource("samplings")
  void drawsAsOftenAsTheFilteredProbabilitiesSay(Sampling sampling) throws Exception {
    float[] scores = scores(50);
    double[] expected = filtered(scores, sampling);
    double[] drawn = drawn(scores, sampling, DRAWS);
    for (int token = 0; token < expected.length; token++) {
      if (expected[token] == 0) {
        assertThat(drawn[token]).as("token %d", token).isZero();
      }
      assertThat(drawn[token]).as("token %d", token).isCloseTo(expected[token], offset(0.02));
    }
  }

  @ParameterizedTest
  @MethodSource("samplings")
  void keepsTheSameTokensOfALargeVocabulary(Sampling sampling) throws Exception {
    float[] scores = scores(3000);
    double[] expected = filtered(scores, sampling);
    int[] kept =
        executor.call(
            () ->
                Arrays.stream(
                        new Sampler(sampling)
                            .kept(ScoreRow.of(Tensors.of(scores, ComputeDevice.CPU, scores.length)))
                            .tokens())
                    .sorted()
                    .toArray());
    assertThat(kept)
        .containsExactly(
            IntStream.range(0, expected.length).filter(i -> expected[i] > 0).toArray());
  }

  @Test
  void neverDrawsWhatIsForbidden() throws Exception {
    float[] scores = scores(50);
    for (int i = 0; i < scores.length; i += 2) {
      scores[i] = Float.NEGATIVE_INFINITY;
    }
    for (Sampling sampling : samplings().toList()) {
      double[] drawn = drawn(scores, sampling, 300);
      for (int i = 0; i < scores.length; i += 2) {
        assertThat(drawn[i]).isZero();
      }
    }
    Arrays.fill(scores, Float.NEGATIVE_INFINITY);
    for (Sampling sampling : samplings().toList()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> drawn(scores, sampling, 1))
          .withMessageContaining("all are forbidden");
    }
  }

  private static float[] scores(int vocabulary) {
    Random random = new Random(vocabulary);
    float[] scores = new float[vocabulary];
    for (int i = 0; i < vocabulary; i++) {
      scores[i] = (float) (random.nextGaussian() * 2);
    }
    return scores;
  }

  private static double[] drawn(float[] scores, Sampling sampling, int draws) throws Exception {
    return executor.call(
        () -> {
          double[] counts = new double[scores.length];
          Sampler sampler = new Sampler(sampling);
          ScoreRow row = ScoreRow.of(Tensors.of(scores, ComputeDevice.CPU, scores.length));
          for (int i = 0; i < draws; i++) {
            try (PointerScope scope = new PointerScope()) {
              counts[sampler.draw(row, i)] += 1.0 / draws;
            }
          }
          return counts;
        });
  }

  /** Probabilities after each filter in turn, over the whole vocabulary. */
  private static double[] filtered(float[] scores, Sampling sampling) {
    double[] p = new double[scores.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp(scores[i] / sampling.temperature());
    }
    p = normalised(p);
    if (sampling.topK() > 0) {
      double[] sorted = sorted(p);
      double least = sorted[Math.min(sampling.topK(), p.length) - 1];
      p = normalised(Arrays.stream(p).map(value -> value >= least ? value : 0).toArray());
    }
    if (sampling.topP() < 1) {
      double[] sorted = sorted(p);
      double sum = sorted[0];
      int count = 1;
      while (sum < sampling.topP()) {
        sum += sorted[count++];
      }
      double least = sorted[count - 1];
      p = normalised(Arrays.stream(p).map(value -> value >= least ? value : 0).toArray());
    }
    if (sampling.minP() > 0) {
      double least = sorted(p)[0] * sampling.minP();
      p = normalised(Arrays.stream(p).map(value -> value >= least ? value : 0).toArray());
    }
    return sampling.typicalP() < 1 ? typical(p, sampling.typicalP()) : p;
  }

  private static double[] typical(double[] p, double mass) {
    double entropy =
        Arrays.stream(p).filter(value -> value > 0).map(value -> -value * Math.log(value)).sum();
    Integer[] order =
        IntStream.range(0, p.length)
            .boxed()
            .filter(i -> p[i] > 0)
            .sorted(Comparator.comparingDouble(i -> Math.abs(-Math.log(p[i]) - entropy)))
            .toArray(Integer[]::new);
    double[] kept = new double[p.length];
    double sum = 0;
    for (int i = 0; i < order.length && (i == 0 || sum < mass); i++) {
      kept[order[i]] = p[order[i]];
      sum += p[order[i]];
    }
    return normalised(kept);
  }

  private static double[] sorted(double[] values) {
    return Arrays.stream(values)
        .boxed()
        .sorted(Comparator.reverseOrder())
        .mapToDouble(v -> v)
        .toArray();
  }

  private static double[] normalised(double[] values) {
    double all = Arrays.stream(values).sum();
    return Arrays.stream(values).map(value -> value / all).toArray();
  }
}
