package io.slipway.models.training;

import io.slipway.models.layers.Parameter;
import io.slipway.models.layers.Role;
import io.slipway.models.runtime.Scope;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.Function;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Adam with decoupled weight decay, through libtorch's fused kernel, over moments of our own, so
 * that they can be saved and restored. The kernel has no binding and is reached through
 * TorchScript.
 *
 * <p>Owns the moments until {@link #close}.
 *
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov, Hutter 2017</a>
 */
final class AdamW implements AutoCloseable {

  /** Returns what it wrote: a script that only changes its inputs is optimised away. */
  private static final String SCRIPT =
      """
      def step(p: Tensor, g: Tensor, m: Tensor, v: Tensor, t: Tensor, lr: float, beta1: float, beta2: float, decay: float, eps: float) -> List[Tensor]:
          ps = [p]
          ms = [m]
          vs = [v]
          torch._fused_adamw_(ps, [g], ms, vs, [], [t], lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)
          return [ps[0], ms[0], vs[0]]
      """;

  /** Running means of a parameter's gradients and of their squares, shaped as it is. */
  record Moments(Tensor mean, Tensor square) {}

  private final TrainingSettings settings;
  private final Collection<Parameter> parameters;
  private final Map<String, Moments> moments = new LinkedHashMap<>();
  private final CompilationUnit script;
  private final Function kernel;

  AdamW(Collection<Parameter> parameters, TrainingSettings settings) {
    this.settings = settings;
    this.parameters = parameters;
    for (Parameter parameter : parameters) {
      moments.put(
          parameter.name(),
          new Moments(
              Scope.keep(torch.zeros_like(parameter.tensor())),
              Scope.keep(torch.zeros_like(parameter.tensor()))));
    }
    this.script = Scope.keep(torch.compile(SCRIPT));
    this.kernel = Scope.keep(script.get_function(new QualifiedName("step")));
  }

  /**
   * Moves every parameter that has a gradient, and drops the gradients.
   *
   * @param update number of this update, counted from 1
   */
  void step(int update, double learningRate) {
    Tensor count = torch.zeros().add_(new Scalar((double) update));
    for (Parameter parameter : parameters) {
      try (PointerScope scope = new PointerScope()) {
        Tensor gradient = parameter.tensor().grad();
        if (gradient.defined()) {
          move(parameter, gradient, count, learningRate);
          parameter.tensor().mutable_grad().reset();
        }
      }
    }
  }

  private void move(Parameter parameter, Tensor gradient, Tensor count, double learningRate) {
    Moments of = moments(parameter.name());
    boolean decays = settings.decayEverything() || parameter.role() == Role.MATRIX;
    kernel.apply(
        new IValueVector(
            new IValue(parameter.tensor()),
            new IValue(gradient),
            new IValue(of.mean()),
            new IValue(of.square()),
            new IValue(count),
            new IValue(learningRate),
            new IValue(settings.beta1()),
            new IValue(settings.beta2()),
            new IValue(decays ? settings.weightDecay() : 0.0),
            new IValue(settings.epsilon())));
  }

  Moments moments(String parameter) {
    Moments found = moments.get(parameter);
    if (found == null) {
      throw new IllegalArgumentException("no parameter is called " + parameter);
    }
    return found;
  }

  @Override
  public void close() {
    for (Moments of : moments.values()) {
      Scope.release(of.mean());
      Scope.release(of.square());
    }
    moments.clear();
    Scope.release(kernel);
    Scope.release(script);
  }
}
