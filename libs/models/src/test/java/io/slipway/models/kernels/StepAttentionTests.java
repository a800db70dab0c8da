package io.slipway.models.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.models.OnCpu;
import io.slipway.models.kernels.StepAttention.Angles;
import io.slipway.models.kernels.StepAttention.Memory;
import io.slipway.models.kernels.StepAttention.Scores;
import io.slipway.models.kernels.StepAttention.Tokens;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.models.runtime.Tensors;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepAttentionTests {

  private static final double SCALE = 0.3;
  private static final int CAPACITY = 701;

  @OnCpu private static ComputeExecutor executor;

  /** One group and several, heads of any number of vectors, few keys and many. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 64, 0",
    "1, 4, 4, 32, 5",
    "2, 6, 2, 48, 37",
    "1, 8, 1, 96, 128",
    "3, 16, 8, 64, 600",
    "2, 4, 2, 256, 63"
  })
  void attendsAsProductsAndSoftmaxWould(int rows, int heads, int keyHeads, int size, int before)
      throws Exception {
    assertThat(
            error(
                new Shape(rows, heads, keyHeads, size),
                places(rows, 0),
                places(rows, before),
                0,
                OptionalDouble.empty()))
        .isLessThan(1e-5);
  }

  @ParameterizedTest
  @CsvSource({"64, 0", "64, 64", "128, 32"})
  void turnsSomeOrAllFeaturesOfQueriesAndKeys(int size, int turning) throws Exception {
    assertThat(
            error(
                new Shape(2, 4, 2, size),
                places(2, 0),
                places(2, 21),
                turning,
                OptionalDouble.empty()))
        .isLessThan(1e-5);
  }

  @Test
  void letsEachRowSeeItsOwnPlacesOnly() throws Exception {
    assertThat(
            error(
                new Shape(3, 4, 2, 64),
                new int[] {0, 30, 7},
                new int[] {12, 51, 7},
                64,
                OptionalDouble.empty()))
        .isLessThan(1e-5);
  }

  @Test
  void bendsScoresBelowTheirCap() throws Exception {
    assertThat(
            error(new Shape(1, 4, 2, 64), places(1, 0), places(1, 20), 0, OptionalDouble.of(1.5)))
        .isLessThan(1e-5);
  }

  /** More vectors than are widened at a time, and heads that fill that space with few. */
  @ParameterizedTest
  @CsvSource({
    "1, 4, 4, 32, 5, 0",
    "3, 16, 8, 64, 600, 64",
    "2, 4, 2, 256, 63, 32",
    "2, 6, 2, 48, 37, 0"
  })
  void attendsToWhatIsRememberedInBfloat16(
      int rows, int heads, int keyHeads, int size, int before, int turning) throws Exception {
    assertThat(
            error(
                new Shape(rows, heads, keyHeads, size, ScalarType.BFloat16),
                places(rows, 0),
                places(rows, before),
                turning,
                OptionalDouble.empty()))
        .isLessThan(1e-5);
  }

  @Test
  void roundsToBfloat16AsLibtorchDoes() throws Exception {
    boolean same =
        executor.call(
            () -> {
              Tensor x = torch.randn(1L << 16);
              Tensor halves =
                  torch.arange(new Scalar(1 << 12)).mul(new Scalar(0x1p-9)).add(new Scalar(1.0));
              Tensor all = torch.cat(new TensorVector(x, halves.to(ScalarType.Float)), 0);
              Tensor narrow = torch.empty_like(all).to(ScalarType.BFloat16);
              for (long i = 0; i < all.numel(); i += Floats.LANES) {
                Bfloats.store(Floats.load(Floats.of(all), i), Tensors.memory(narrow), i);
              }
              return narrow.equal(all.to(ScalarType.BFloat16));
            });
    assertThat(same).isTrue();
  }

  @Test
  void leavesToOthersWhatItIsNotMadeFor() throws Exception {
    assertThat(takes(1, 65, ScalarType.Float)).as("odd heads").isFalse();
    assertThat(takes(1, 64, ScalarType.BFloat16)).as("bfloat16").isFalse();
    assertThat(takes(1, 64, ScalarType.Float)).isTrue();
  }

  private static boolean takes(long rows, long size, ScalarType type) throws Exception {
    return executor.call(
        () -> {
          Tensor x = torch.randn(rows, 1, 2, size).to(type);
          return StepAttention.takes(new Tokens(x, x, x, null));
        });
  }

  private static int[] places(int rows, int place) {
    int[] places = new int[rows];
    Arrays.fill(places, place);
    return places;
  }

  private record Shape(int rows, int heads, int keyHeads, int size, ScalarType memory) {

    Shape(int rows, int heads, int keyHeads, int size) {
      this(rows, heads, keyHeads, size, ScalarType.Float);
    }

    Tensor random(int width) {
      return torch.randn(rows, 1, width, size);
    }

    Tensor remembered() {
      return torch.randn(rows + 1, keyHeads, CAPACITY, size).to(memory);
    }
  }

  /** The greatest difference from attention written out in double precision. */
  private static double error(Shape shape, int[] from, int[] to, int turning, OptionalDouble cap)
      throws Exception {
    return executor.call(
        () -> {
          Tensor q = shape.random(shape.heads());
          Tensor k = shape.random(shape.keyHeads());
          Tensor v = shape.random(shape.keyHeads());
          Angles angles = turning == 0 ? null : angles(shape.rows(), turning);
          Tensor keys = shape.remembered();
          Tensor values = shape.remembered();
          Tensor keysBefore = keys.clone();
          Tensor valuesBefore = values.clone();

          Tensor y =
              StepAttention.apply(
                  new Tokens(q, k, v, angles),
                  new Memory(keys, values, from, to),
                  new Scores(SCALE, cap));

          assertThat(y.shape()).containsExactly(shape.rows(), 1, shape.heads() * shape.size());
          double worst = 0;
          for (int row = 0; row < shape.rows(); row++) {
            remember(keysBefore, row, to[row], turned(k, angles, row));
            remember(valuesBefore, row, to[row], v.select(0, row).select(0, 0));
            int count = to[row] - from[row] + 1;
            Tensor expected =
                attention(
                    turned(q, angles, row),
                    keys.select(0, row).narrow(1, from[row], count),
                    values.select(0, row).narrow(1, from[row], count),
                    shape.heads() / shape.keyHeads(),
                    cap);
            Tensor actual = y.select(0, row).select(0, 0);
            worst = Math.max(worst, actual.sub(expected).abs().max().item_double());
          }
          double off = keys.sub(keysBefore).abs().max().item_double();
          assertThat(off).isLessThan(shape.memory() == ScalarType.Float ? 1e-5 : 0.05);
          assertThat(values.equal(valuesBefore)).isTrue();
          return worst;
        });
  }

  private static Angles angles(int rows, int turning) {
    Tensor half = torch.randn(rows, 1, 1, turning / 2);
    Tensor cosine = torch.cos(half);
    Tensor sine = torch.sin(half);
    return new Angles(
        torch.cat(new TensorVector(cosine, cosine), -1),
        torch.cat(new TensorVector(sine.neg(), sine), -1));
  }

  /** [heads, size] of a row */
  private static Tensor turned(Tensor x, @Nullable Angles angles, int row) {
    Tensor heads = x.select(0, row).select(0, 0);
    if (angles == null) {
      return heads;
    }
    Tensor cosine = angles.cosine().select(0, row).select(0, 0);
    Tensor sine = angles.sine().select(0, row).select(0, 0);
    long turning = cosine.size(1);
    Tensor part = heads.narrow(1, 0, turning);
    Tensor swapped = torch.roll(part, new long[] {turning / 2}, 1);
    Tensor turned = part.mul(cosine).add(swapped.mul(sine));
    return torch.cat(
        new TensorVector(turned, heads.narrow(1, turning, heads.size(1) - turning)), 1);
  }

  private static void remember(Tensor memory, int row, int place, Tensor x) {
    memory.select(0, row).select(1, place).copy_(x);
  }

  /** q [heads, size], k and v [keyHeads, count, size], to [heads * size] */
  private static Tensor attention(Tensor q, Tensor k, Tensor v, int group, OptionalDouble cap) {
    Tensor queries = q.to(ScalarType.Double).unsqueeze(1); // [heads, 1, size]
    Tensor keys =
        k.to(ScalarType.Double).repeat_interleave(group, new LongOptional(0), new LongOptional());
    Tensor values =
        v.to(ScalarType.Double).repeat_interleave(group, new LongOptional(0), new LongOptional());
    Tensor scores = queries.matmul(keys.transpose(1, 2)).mul(new Scalar(SCALE));
    if (cap.isPresent()) {
      Scalar bound = new Scalar(cap.getAsDouble());
      scores = scores.div(bound).tanh().mul(bound);
    }
    return torch.softmax(scores, -1).matmul(values).flatten();
  }
}
