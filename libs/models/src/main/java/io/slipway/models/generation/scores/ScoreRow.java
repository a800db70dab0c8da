package io.slipway.models.generation.scores;

import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The scores of what follows one sequence, in the memory of libtorch, where they are read and
 * changed in place. Belongs to the scope of its tensor.
 *
 * @param tensor [vocabulary], float, on the CPU
 * @param memory of the tensor
 */
public record ScoreRow(Tensor tensor, MemorySegment memory) {

  /** A row of scores: [vocabulary], float, on the CPU. */
  public static ScoreRow of(Tensor row) {
    return new ScoreRow(row, Tensors.memory(row));
  }

  /**
   * Scores that may be changed: in single precision, on the CPU, in one piece.
   *
   * @param scores [rows, vocabulary]; may be changed too
   */
  public static Tensor changeable(Tensor scores) {
    return scores.to(ComputeDevice.CPU.handle(), ScalarType.Float).contiguous();
  }

  int vocabulary() {
    return (int) (memory.byteSize() / Float.BYTES);
  }

  float get(int token) {
    return memory.getAtIndex(ValueLayout.JAVA_FLOAT, token);
  }

  void set(int token, float score) {
    memory.setAtIndex(ValueLayout.JAVA_FLOAT, token, score);
  }

  void forbid(int token) {
    if (token >= 0 && token < vocabulary()) {
      set(token, Float.NEGATIVE_INFINITY);
    }
  }

  /** Leaves some tokens only, all equally good. */
  void force(Set<Integer> tokens) {
    tokens.forEach(this::requireToken);
    tensor.fill_(new Scalar(Double.NEGATIVE_INFINITY));
    tokens.forEach(token -> set(token, 0));
  }

  void requireToken(int token) {
    if (token < 0 || token >= vocabulary()) {
      throw new IllegalArgumentException(
          "token id %d, but the model's vocabulary has %d".formatted(token, vocabulary()));
    }
  }

  /** The best tokens, best first. */
  public Best best(int count) {
    T_TensorTensor_T best = torch.topk(tensor, Math.min(count, vocabulary()), -1, true, true);
    return new Best(Tensors.longs(best.get1()), Tensors.floats(best.get0()));
  }

  /** Tokens and their scores. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Best(long[] tokens, float[] scores) {}
}
