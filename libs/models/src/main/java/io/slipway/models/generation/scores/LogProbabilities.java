package io.slipway.models.generation.scores;

import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Reads how probable tokens are by a model's own scores. */
public final class LogProbabilities {

  private LogProbabilities() {}

  /**
   * Tokens with their log-probabilities.
   *
   * @param scores of what came at each token's place: [tokens, vocabulary]
   * @param top how many of the best are told of each place
   */
  public static List<ScoredToken> of(Tensor scores, long[] tokens, int top) {
    Tensor all = torch.log_softmax(scores.to(ScalarType.Float), -1); // [tokens, vocabulary]
    int vocabulary = Math.toIntExact(all.size(1));
    int count = Math.min(top, vocabulary);
    T_TensorTensor_T best = torch.topk(all, count, -1, true, true);
    float[] bestValues = Tensors.floats(best.get0());
    long[] bestTokens = Tensors.longs(best.get1());
    Tensor places =
        Tensors.of(tokens, ComputeDevice.CPU, tokens.length, 1).to(all.device(), ScalarType.Long);
    float[] own = Tensors.floats(all.gather(1, places));
    List<ScoredToken> result = new ArrayList<>(tokens.length);
    for (int i = 0; i < tokens.length; i++) {
      List<TokenScore> others = new ArrayList<>(count);
      for (int at = i * count; at < (i + 1) * count; at++) {
        others.add(new TokenScore(bestTokens[at], bestValues[at]));
      }
      result.add(new ScoredToken(tokens[i], own[i], others));
    }
    return result;
  }

  /** What follows a part of a prompt, of which the last score may be of a new token. */
  public static List<ScoredToken> ofPrompt(Tensor scores, long[] prompt, int from, int top) {
    int count = Math.toIntExact(Math.min(scores.size(0), prompt.length - 1L - from));
    return count == 0
        ? List.of()
        : of(
            scores.narrow(0, 0, count),
            Arrays.copyOfRange(prompt, from + 1, from + 1 + count),
            top);
  }
}
