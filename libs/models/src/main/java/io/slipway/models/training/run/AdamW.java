package io.slipway.models.training.run;

import io.slipway.models.layers.Parameter;
import io.slipway.models.runtime.Scope;
import io.slipway.models.training.settings.TrainingSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Adam with decoupled weight decay, through libtorch's fused kernel, over moments of our own, so
 * that they can be saved and restored.
 *
 * <p>Owns the moments until {@link #close}.
 *
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov, Hutter 2017</a>
 */
final class AdamW implements AutoCloseable {

  /**
   * What is remembered of a parameter.
   *
   * @param mean running mean of its gradients, shaped as it is
   * @param square running mean of their squares
   * @param steps how often it was moved: a scalar
   */
  record Moments(Tensor mean, Tensor square, Tensor steps) {}

  /** Parameters that decay alike, and the lists of all of them; the lists are kept. */
  private record Group(List<Parameter> parameters, double decay, List<IValue> lists) {}

  /** What of a group has a gradient, and those gradients. */
  private record Moving(Group group, List<Parameter> parameters, IValue gradients) {}

  private final TrainingSettings settings;
  private final Map<String, Moments> moments = new LinkedHashMap<>();
  private final OptimizerKernels kernels = new OptimizerKernels();
  private final List<Group> groups = new ArrayList<>();

  /**
   * Begins with moments of zero.
   *
   * @param parameters those that are trained, at least one
   */
  AdamW(List<Parameter> parameters, TrainingSettings settings) {
    this.settings = settings;
    for (Parameter parameter : parameters) {
      Tensor tensor = parameter.tensor();
      moments.put(
          parameter.name(),
          new Moments(
              Scope.keep(torch.zeros_like(tensor)),
              Scope.keep(torch.zeros_like(tensor)),
              Scope.keep(
                  torch
                      .zeros(new long[0], new TensorOptions(ScalarType.Float))
                      .to(tensor.device(), ScalarType.Float))));
    }
    for (boolean decays : new boolean[] {true, false}) {
      List<Parameter> members = parameters.stream().filter(p -> decays(p) == decays).toList();
      if (!members.isEmpty()) {
        List<IValue> lists = lists(members).stream().map(Scope::keep).toList();
        groups.add(new Group(members, decays ? settings.weightDecay() : 0, lists));
      }
    }
  }

  private boolean decays(Parameter parameter) {
    return settings.decayEverything() || parameter.role().decays();
  }

  /** The parameters, their means, their squares, their numbers of steps. */
  private List<IValue> lists(List<Parameter> of) {
    return List.of(
        list(of, Parameter::tensor),
        list(of, p -> moments(p.name()).mean()),
        list(of, p -> moments(p.name()).square()),
        list(of, p -> moments(p.name()).steps()));
  }

  private IValue list(List<Parameter> of, Function<Parameter, Tensor> what) {
    return kernels.list(of.stream().map(what).toList());
  }

  /** The gradients as they are now, with their norm; belongs to the current scope. */
  Update update() {
    List<Moving> moving = new ArrayList<>();
    double squares = 0;
    for (Group group : groups) {
      List<Parameter> with = new ArrayList<>();
      List<Tensor> gradients = new ArrayList<>();
      for (Parameter parameter : group.parameters()) {
        Tensor gradient = parameter.tensor().grad();
        if (gradient.defined()) {
          with.add(parameter);
          gradients.add(gradient);
        }
      }
      if (!with.isEmpty()) {
        IValue list = kernels.list(gradients);
        double norm = kernels.norm(list).item_float();
        squares += norm * norm;
        moving.add(new Moving(group, with, list));
      }
    }
    return new Update(moving, Math.sqrt(squares));
  }

  /** A step that is about to be taken. */
  final class Update {

    private final List<Moving> moving;
    private final double norm;

    private Update(List<Moving> moving, double norm) {
      this.moving = moving;
      this.norm = norm;
    }

    /** Of all gradients together. */
    double gradientNorm() {
      return norm;
    }

    /**
     * Moves every parameter that has a gradient, and drops the gradients, which have been scaled
     * down to the settings' largest norm.
     */
    void apply(double learningRate) {
      for (Moving part : moving) {
        List<IValue> state =
            new ArrayList<>(
                part.parameters().size() == part.group().parameters().size()
                    ? part.group().lists()
                    : lists(part.parameters()));
        state.add(1, part.gradients());
        kernels.step(state, settings, learningRate, part.group().decay(), scale(part.parameters()));
        part.parameters().forEach(parameter -> parameter.tensor().mutable_grad().reset());
      }
    }

    /** The reference's guard against division by zero included. */
    private IValue scale(List<Parameter> parameters) {
      double limit = settings.maxGradientNorm();
      double scale = limit == 0 ? 1 : (norm + 1e-6) / limit;
      return scale <= 1
          ? new IValue()
          : new IValue(
              torch
                  .full(new long[0], new Scalar(scale), new TensorOptions(ScalarType.Float))
                  .to(parameters.getFirst().tensor().device(), ScalarType.Float));
    }
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
      Scope.release(of.steps());
    }
    moments.clear();
    groups.forEach(group -> group.lists().forEach(Scope::release));
    groups.clear();
    kernels.close();
  }
}
