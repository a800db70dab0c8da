package io.slipway.models.training;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Cross-entropy of scores with the classes that they should have been highest for.
 *
 * @param smoothing part of the target that is spread evenly over all classes
 * @param classWeights weight of each class, empty for equal ones; the mean is weighted too
 * @see <a href="https://arxiv.org/abs/1512.00567">Szegedy et al. 2015</a> on label smoothing
 */
public record CrossEntropy(double smoothing, List<Double> classWeights) {

  /** A target that does not count. */
  public static final long IGNORED = -100;

  private static final long SUM = 2;

  public CrossEntropy {
    classWeights = List.copyOf(classWeights);
  }

  /** Without smoothing and weights. */
  public static CrossEntropy plain() {
    return new CrossEntropy(0, List.of());
  }

  /** What the sum over these targets has to be divided by for their mean. */
  public double items(long[] targets) {
    double items = 0;
    for (long target : targets) {
      if (target != IGNORED) {
        items += classWeights.isEmpty() ? 1 : classWeights.get((int) target);
      }
    }
    return items;
  }

  /**
   * Sum over the targets.
   *
   * @param logits [..., classes], in any precision
   * @param targets class indices or {@link #IGNORED}, as many as there are rows of scores
   */
  public Tensor sum(Tensor logits, Tensor targets) {
    Tensor flat = logits.reshape(-1, logits.size(-1)).to(ScalarType.Float);
    return torch.cross_entropy_loss(
        flat, targets.reshape(-1), weights(flat), SUM, IGNORED, smoothing);
  }

  private TensorOptional weights(Tensor like) {
    if (classWeights.isEmpty()) {
      return new TensorOptional();
    }
    float[] values = new float[classWeights.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = classWeights.get(i).floatValue();
    }
    return new TensorOptional(torch.tensor(values).to(like.device(), ScalarType.Float));
  }
}
