package io.slipway.models.layers.mlp;

import io.slipway.models.layers.Linear;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Feed-forward parts of which each token takes the few that a router finds best, weighted by the
 * router's probabilities among these.
 *
 * @param active how many experts a token takes
 * @see <a href="https://arxiv.org/abs/2401.04088">Jiang et al. 2024</a>
 */
public record MixtureOfExperts(
    Linear router, List<GatedMlp> experts, int active, ComputeDevice device) {

  /** [b, s, h] to the same shape */
  public Tensor apply(Forward forward, Tensor x) {
    Tensor tokens = x.reshape(-1, x.size(2)); // [t, h]
    Tensor probabilities =
        torch.softmax(router.apply(forward, tokens), -1, new ScalarTypeOptional(ScalarType.Float));
    T_TensorTensor_T best = torch.topk(probabilities, active, -1, true, true); // [t, active]
    Tensor shares = best.get0().div(best.get0().sum(new long[] {-1}, true, null));
    Tensor flatShares = shares.reshape(-1).to(x.scalar_type());
    Tensor sum = torch.zeros_like(tokens);
    long[] chosen = chosen(best.get1());
    for (int expert = 0; expert < experts.size(); expert++) {
      int taken = expert;
      long[] choices =
          IntStream.range(0, chosen.length)
              .filter(i -> chosen[i] == taken)
              .asLongStream()
              .toArray();
      // An expert that no token takes has a gradient of zeros in training, so that the optimizer's
      // moments move it on, as in the reference, whose experts are one parameter.
      if (choices.length > 0 || forward.training()) {
        sum = add(forward.rows(rows(choices, x.size(1))), sum, tokens, flatShares, expert, choices);
      }
    }
    return sum.view(x.size(0), x.size(1), x.size(2));
  }

  /** Which row of the batch each choice is of. */
  private int[] rows(long[] choices, long length) {
    return Arrays.stream(choices)
        .mapToInt(choice -> Math.toIntExact(choice / active / length))
        .toArray();
  }

  /** The sum with one expert's part of some choices; choice i is of token i / active. */
  private Tensor add(
      Forward forward, Tensor sum, Tensor tokens, Tensor shares, int expert, long[] choices) {
    long[] rows = Arrays.stream(choices).map(choice -> choice / active).toArray();
    Tensor at = Tensors.of(rows, device, rows.length);
    Tensor share = shares.index_select(0, Tensors.of(choices, device, choices.length)).unsqueeze(1);
    Tensor output = experts.get(expert).apply(forward, tokens.index_select(0, at)).mul(share);
    return sum.index_add_(0, at, output);
  }

  private static long[] chosen(Tensor indices) {
    Tensor plain = indices.to(ComputeDevice.CPU.handle(), ScalarType.Long).contiguous();
    long[] values = new long[Math.toIntExact(plain.numel())];
    plain.data_ptr_long().get(values);
    return values;
  }
}
