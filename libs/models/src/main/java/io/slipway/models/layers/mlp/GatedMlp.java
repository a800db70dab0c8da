package io.slipway.models.layers.mlp;

import io.slipway.models.layers.Linear;
import io.slipway.models.layers.LinearGroup;
import io.slipway.models.layers.Residual;
import io.slipway.models.layers.Weights;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.Scope;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * down(activation(gate(x)) * up(x)).
 *
 * @param gateAndUp two layers
 * @see <a href="https://arxiv.org/abs/2002.05202">Shazeer 2020</a>
 */
public record GatedMlp(LinearGroup gateAndUp, Linear down, Activation activation) {

  public GatedMlp(Weights weights, Linear gate, Linear up, Linear down, Activation activation) {
    this(LinearGroup.gated(weights, gate, up), down, activation);
  }

  /** [..., features] to the same shape */
  public Tensor apply(Forward forward, Tensor x) {
    return Scope.result(() -> down.apply(forward, Scope.result(() -> wide(forward, x))));
  }

  /** [..., features], added to a residual. */
  public Tensor apply(Forward forward, Tensor x, Residual residual) {
    return Scope.result(() -> residual.plus(forward, down, Scope.result(() -> wide(forward, x))));
  }

  private Tensor wide(Forward forward, Tensor x) {
    List<Linear> fusing = gateAndUp.fusing(forward);
    if (!fusing.isEmpty()) {
      Tensor opened = activation.of(forward, fusing.get(0), x);
      return fusing.get(1).applyTimes(forward, x, opened);
    }
    List<Tensor> both = gateAndUp.apply(forward, x);
    Tensor opened = activation.consume(forward, both.get(0));
    return multiplied(forward, opened, both.get(1));
  }

  /** The product of a gate's activation and what passes it. */
  public static Tensor multiplied(Forward forward, Tensor opened, Tensor passing) {
    // A backward pass needs both factors as they were.
    return forward.training() ? opened.mul(passing) : opened.mul_(passing);
  }
}
