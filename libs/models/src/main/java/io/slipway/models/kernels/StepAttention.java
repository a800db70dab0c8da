package io.slipway.models.kernels;

import java.util.OptionalDouble;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Attention of one new token a row to what its sequence remembers, which it joins. Each row sees
 * places of its own, so no mask is needed, and nothing is computed for places that it does not see.
 *
 * <p>Shapes: b rows, n heads, m heads of keys and values, d headSize.
 */
public final class StepAttention {

  /** Numbers of keys and values below which waking a thread takes longer than reading them. */
  private static final long FEW = 1 << 14;

  private StepAttention() {}

  /**
   * The new tokens' projections.
   *
   * @param q [b, 1, n, d]
   * @param k [b, 1, m, d], like v
   * @param angles by which queries and keys turn, or null
   */
  public record Tokens(Tensor q, Tensor k, Tensor v, @Nullable Angles angles) {}

  /**
   * Angles of each pair of features.
   *
   * @param cosine [1 or b, 1, 1, features that turn]
   * @param sine the same shape; negative in its first half
   */
  public record Angles(Tensor cosine, Tensor sine) {}

  /**
   * What is remembered.
   *
   * @param keys [at least b, m, places, d], contiguous, in single precision or bfloat16; so are the
   *     values
   * @param from by row, the first place that is seen
   * @param to by row, the place of the new token, which is the last that is seen
   */
  public record Memory(Tensor keys, Tensor values, int[] from, int[] to) {

    private long seen() {
      long all = 0;
      for (int row = 0; row < from.length; row++) {
        all += to[row] - from[row] + 1;
      }
      return all;
    }
  }

  /**
   * What scores become before their softmax: x * scale, or cap * tanh(x * scale / cap).
   *
   * @param cap none for infinity
   */
  public record Scores(double scale, OptionalDouble cap) {}

  /** Whether {@link #apply} takes heads of this size. */
  public static boolean takes(int headSize) {
    // The number of lanes comes last: without the module its class cannot be loaded.
    return Readiness.await() && headSize <= Remembered.LARGEST && headSize % Floats.LANES == 0;
  }

  /** Whether {@link #apply} takes these. */
  public static boolean takes(Tokens tokens) {
    return FewNumbers.isPlain(tokens.q())
        && !GradMode.is_enabled()
        && takes(Math.toIntExact(tokens.q().size(3)))
        && (tokens.angles() == null || takes(tokens.angles()));
  }

  private static boolean takes(Angles angles) {
    return FewNumbers.isPlain(angles.cosine())
        && angles.cosine().size(3) % (2L * Floats.LANES) == 0;
  }

  /**
   * Writes the new keys and values to their places, and attends.
   *
   * @return [b, 1, n * d]
   */
  public static Tensor apply(Tokens tokens, Memory memory, Scores scores) {
    Tensor q = FewNumbers.contiguous(tokens.q());
    Tensor k = FewNumbers.contiguous(tokens.k());
    Tensor v = FewNumbers.contiguous(tokens.v());
    int rows = Math.toIntExact(q.size(0));
    int size = Math.toIntExact(q.size(3));
    int keyHeads = Math.toIntExact(k.size(2));
    long places = memory.keys().size(2);
    Tensor context = FewNumbers.empty(rows, 1, q.size(2) * size);
    RotationKernel rotation = rotation(tokens.angles());
    StepAttentionKernel kernel =
        new StepAttentionKernel(
            Floats.of(context),
            Remembered.of(memory.keys()),
            Remembered.of(memory.values()),
            Math.toIntExact(q.size(2) / keyHeads),
            (float) scores.scale(),
            (float) scores.cap().orElse(Double.POSITIVE_INFINITY));
    StepAttentionKernel.Token token =
        new StepAttentionKernel.Token(Floats.of(q), Floats.of(k), Floats.of(v), rotation);
    boolean small = memory.seen() * keyHeads * size < FEW;
    Team.run(
        rows * keyHeads,
        small ? 1 : torch.get_num_threads(),
        group -> {
          int row = group / keyHeads;
          long first = group * places;
          kernel.join(token, row, group, first + memory.to()[row]);
          kernel.attend(
              group, first + memory.from()[row], memory.to()[row] - memory.from()[row] + 1);
        });
    return context;
  }

  private static RotationKernel rotation(@Nullable Angles angles) {
    if (angles == null) {
      return RotationKernel.NONE;
    }
    Tensor cosine = FewNumbers.contiguous(angles.cosine());
    return new RotationKernel(
        Floats.of(cosine),
        Floats.of(FewNumbers.contiguous(angles.sine())),
        Math.toIntExact(cosine.size(0)),
        Math.toIntExact(cosine.size(3)));
  }
}
