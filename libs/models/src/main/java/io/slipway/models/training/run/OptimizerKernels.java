package io.slipway.models.training.run;

import io.slipway.models.runtime.Scope;
import io.slipway.models.training.settings.TrainingSettings;
import java.util.List;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.Function;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * libtorch's kernels over whole lists of tensors. They have no binding and are reached through
 * TorchScript; so are the lists.
 */
final class OptimizerKernels implements AutoCloseable {

  /**
   * {@code step} returns what it wrote: a script that only changes its inputs is optimised away. A
   * list that began as an empty literal would be one constant that all callers share.
   */
  private static final String SCRIPT =
      """
      def begin(t: Tensor) -> List[Tensor]:
          return [t]
      def add(l: List[Tensor], t: Tensor) -> int:
          l.append(t)
          return len(l)
      def norm(gs: List[Tensor]) -> Tensor:
          return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(gs)))
      def step(ps: List[Tensor], gs: List[Tensor], ms: List[Tensor], vs: List[Tensor], ts: List[Tensor], lr: float, beta1: float, beta2: float, decay: float, eps: float, scale: Optional[Tensor]) -> List[Tensor]:
          torch._foreach_add_(ts, 1)
          torch._fused_adamw_(ps, gs, ms, vs, [], ts, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False, grad_scale=scale)
          return ps
      """;

  private final CompilationUnit script = Scope.keep(torch.compile(SCRIPT));
  private final Function begin = function("begin");
  private final Function add = function("add");
  private final Function norm = function("norm");
  private final Function step = function("step");

  private Function function(String name) {
    return Scope.keep(script.get_function(new QualifiedName(name)));
  }

  /** A list that the kernels take; belongs to the current scope and shares the tensors. */
  IValue list(List<Tensor> tensors) {
    IValue list = begin.apply(new IValueVector(new IValue(tensors.getFirst())));
    for (Tensor tensor : tensors.subList(1, tensors.size())) {
      add.apply(new IValueVector(list, new IValue(tensor)));
    }
    return list;
  }

  /** Euclidean norm over all elements of all tensors: a scalar tensor. */
  Tensor norm(IValue list) {
    return norm.apply(new IValueVector(list)).toTensor();
  }

  /**
   * Moves parameters by one step of AdamW.
   *
   * @param state lists of the parameters, gradients, means, squares and numbers of steps
   * @param gradientScale what gradients are divided by, or an empty value
   */
  void step(
      List<IValue> state,
      TrainingSettings settings,
      double rate,
      double decay,
      IValue gradientScale) {
    IValueVector arguments = new IValueVector();
    state.forEach(arguments::push_back);
    arguments.push_back(new IValue(rate));
    arguments.push_back(new IValue(settings.beta1()));
    arguments.push_back(new IValue(settings.beta2()));
    arguments.push_back(new IValue(decay));
    arguments.push_back(new IValue(settings.epsilon()));
    arguments.push_back(gradientScale);
    step.apply(arguments);
  }

  @Override
  public void close() {
    List.of(begin, add, norm, step).forEach(Scope::release);
    Scope.release(script);
  }
}
