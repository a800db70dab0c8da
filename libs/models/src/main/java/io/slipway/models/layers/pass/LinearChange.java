package io.slipway.models.layers.pass;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** What an adapter makes of one linear layer. The tensors belong to the adapter. */
public sealed interface LinearChange {

  /**
   * Adds scale * B A x to what the layer gives.
   *
   * @param a [rank, inputs]
   * @param b [outputs, rank]
   * @param dropout of x on its way into A
   * @see <a href="https://arxiv.org/abs/2106.09685">Hu et al. 2021</a>
   */
  record LowRank(Tensor a, Tensor b, double scale, double dropout) implements LinearChange {

    /** What is added: [..., inputs] to [..., outputs] */
    Tensor delta(Forward forward, Tensor x) {
      Tensor narrow = torch.linear(forward.dropout(forward.as(a, x), dropout), a); // [..., rank]
      return forward.as(x, torch.linear(scale == 1 ? narrow : narrow.mul(new Scalar(scale)), b));
    }

    /** The same as a change of the weight: [outputs, inputs] */
    public Tensor weightDelta() {
      return b.matmul(a).mul(new Scalar(scale));
    }
  }

  /**
   * Takes the layer's place.
   *
   * @param weight [outputs, inputs]; the outputs may be others than the layer's
   * @param bias [outputs], or null
   */
  record Replacement(Tensor weight, @Nullable Tensor bias) implements LinearChange {

    Tensor apply(Forward forward, Tensor x) {
      TensorOptional optional = bias == null ? new TensorOptional() : new TensorOptional(bias);
      return forward.as(x, torch.linear(forward.as(weight, x), weight, optional));
    }
  }
}
