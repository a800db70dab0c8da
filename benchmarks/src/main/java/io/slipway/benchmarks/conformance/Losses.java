package io.slipway.benchmarks.conformance;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ProblemType;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import java.util.Arrays;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The losses of the reference's model classes, as scalar tensors.
 *
 * @see <a
 *     href="https://github.com/huggingface/transformers/blob/main/src/transformers/loss/loss_utils.py">The
 *     reference</a>
 */
final class Losses {

  /** A label that does not count. */
  static final long IGNORED = -100;

  private Losses() {}

  /**
   * Of labels for each token.
   *
   * @param logits [rows, length, classes]
   * @param labels [rows, length], row-major; {@link #IGNORED} where none counts
   */
  static Tensor ofTokens(Tensor logits, double[] labels) {
    return crossEntropy(
        logits.reshape(-1, logits.size(2)), Arrays.stream(labels).mapToLong(Math::round).toArray());
  }

  /**
   * Of what follows each token.
   *
   * @param logits [rows, length, vocabulary]
   * @param labels the tokens themselves: [rows, length], row-major
   */
  static Tensor ofNextTokens(Tensor logits, double[] labels) {
    int length = Math.toIntExact(logits.size(1));
    double[] next = new double[labels.length];
    for (int i = 0; i < next.length; i++) {
      next[i] = i % length == length - 1 ? IGNORED : labels[i + 1];
    }
    return ofTokens(logits, next);
  }

  /**
   * Of answers' first and last tokens: the mean of both.
   *
   * @param logits [rows, length, 2]
   */
  static Tensor ofSpans(Tensor logits, double[] starts, double[] ends) {
    long length = logits.size(1);
    LongUnaryOperator within = position -> position >= length ? IGNORED : Math.max(0, position);
    return crossEntropy(logits.select(2, 0), longs(starts).map(within).toArray())
        .add(crossEntropy(logits.select(2, 1), longs(ends).map(within).toArray()))
        .div(new Scalar(2.0));
  }

  /**
   * Of labels for each row, by the configuration's problem type.
   *
   * @param logits [rows, labels]
   */
  static Tensor ofRows(Tensor logits, Golden golden, ModelConfig config) {
    double[] labels = golden.labels("labels");
    ProblemType problem =
        config
            .problemType()
            .orElseGet(
                () -> {
                  if (logits.size(1) == 1) {
                    return ProblemType.REGRESSION;
                  }
                  return golden.labelsAreClasses()
                      ? ProblemType.SINGLE_LABEL_CLASSIFICATION
                      : ProblemType.MULTI_LABEL_CLASSIFICATION;
                });
    return switch (problem) {
      case SINGLE_LABEL_CLASSIFICATION -> crossEntropy(logits, longs(labels).toArray());
      case MULTI_LABEL_CLASSIFICATION ->
          torch.binary_cross_entropy_with_logits(
              logits.to(ScalarType.Float),
              floats(labels, logits).view(logits.size(0), logits.size(1)));
      case REGRESSION ->
          torch.mse_loss(logits.to(ScalarType.Float).reshape(-1), floats(labels, logits));
    };
  }

  private static Tensor crossEntropy(Tensor logits, long[] labels) {
    return torch.cross_entropy_loss(
        logits.to(ScalarType.Float), Tensors.of(labels, device(logits), labels.length));
  }

  private static Tensor floats(double[] values, Tensor like) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return Tensors.of(floats, device(like), floats.length);
  }

  private static LongStream longs(double[] values) {
    return Arrays.stream(values).mapToLong(Math::round);
  }

  private static ComputeDevice device(Tensor tensor) {
    return tensor.is_cuda()
        ? new ComputeDevice(ComputeDevice.Kind.CUDA, tensor.device().index())
        : ComputeDevice.CPU;
  }
}
