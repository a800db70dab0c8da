package io.slipway.models.layers.mlp;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.layers.Linear;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.OneDnn.Then;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** Activation functions by the names that configurations use. */
public enum Activation {
  GELU("gelu", torch::gelu, torch::gelu_, Then.GELU),
  GELU_PYTHON("gelu_python", torch::gelu, Then.GELU),
  /** The tanh approximation of GELU. */
  GELU_NEW("gelu_new", x -> torch.gelu(x, "tanh"), Then.GELU_TANH),
  GELU_PYTORCH_TANH("gelu_pytorch_tanh", x -> torch.gelu(x, "tanh"), Then.GELU_TANH),
  GELU_PYTHON_TANH("gelu_python_tanh", x -> torch.gelu(x, "tanh"), Then.GELU_TANH),
  GELU_FAST("gelu_fast", x -> torch.gelu(x, "tanh"), Then.GELU_TANH),
  GELU_ACCURATE("gelu_accurate", x -> torch.gelu(x, "tanh"), Then.GELU_TANH),
  GELU_10("gelu_10", x -> torch.clamp(torch.gelu(x), bound(-10), bound(10))),
  /** x * sigmoid(1.702 x) */
  QUICK_GELU("quick_gelu", x -> x.mul(torch.sigmoid(x.mul(new Scalar(1.702))))),
  RELU("relu", torch::relu, torch::relu_, Then.RELU),
  RELU2("relu2", x -> torch.relu(x).square()),
  RELU6("relu6", torch::relu6),
  LEAKY_RELU("leaky_relu", torch::leaky_relu),
  SILU("silu", torch::silu, torch::silu_, Then.SILU),
  SWISH("swish", torch::silu, Then.SILU),
  HARDSWISH("hardswish", torch::hardswish),
  MISH("mish", torch::mish),
  SIGMOID("sigmoid", torch::sigmoid),
  /**
   * The distribution function of a normal distribution with mean 0.707107 and deviation 0.282095.
   *
   * @see <a href="https://arxiv.org/abs/2209.10655">Ma et al. 2022</a>
   */
  LAPLACE("laplace", Activation::laplace),
  SQRTSOFTPLUS("sqrtsoftplus", x -> torch.softplus(x).sqrt()),
  LINEAR("linear", x -> x),
  TANH("tanh", torch::tanh);

  private final String configName;

  @SuppressWarnings("ImmutableEnumChecker") // The functions hold no state.
  private final UnaryOperator<Tensor> function;

  @SuppressWarnings("ImmutableEnumChecker")
  private final UnaryOperator<Tensor> inPlace;

  /** The same as a part of a product; null where there is none. */
  private final @Nullable Then fused;

  Activation(String configName, UnaryOperator<Tensor> function) {
    this(configName, function, null);
  }

  Activation(String configName, UnaryOperator<Tensor> function, @Nullable Then fused) {
    this(configName, function, function, fused);
  }

  Activation(
      String configName,
      UnaryOperator<Tensor> function,
      UnaryOperator<Tensor> inPlace,
      @Nullable Then fused) {
    this.configName = configName;
    this.function = function;
    this.inPlace = inPlace;
    this.fused = fused;
  }

  /**
   * The activation that a field of config.json names; one that is not implemented is refused by
   * name.
   */
  public static Activation of(ModelConfig config, String field, String absent) {
    return named(config, field, config.string(field).orElse(absent));
  }

  /** The activation of a name that a field of config.json asks for, be it in other words. */
  public static Activation named(ModelConfig config, String field, String name) {
    return Arrays.stream(values())
        .filter(activation -> activation.configName.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                config.unsupported(
                    field,
                    '"' + name + '"',
                    Arrays.stream(values())
                        .map(a -> a.configName)
                        .collect(Collectors.joining(", "))));
  }

  private static Tensor laplace(Tensor x) {
    Tensor deviations = x.sub(new Scalar(0.707107)).div(new Scalar(0.282095 * Math.sqrt(2)));
    return torch.erf(deviations).add(new Scalar(1.0)).mul(new Scalar(0.5));
  }

  private static ScalarOptional bound(double value) {
    return new ScalarOptional(new Scalar(value));
  }

  public Tensor apply(Tensor x) {
    return function.apply(x);
  }

  /** The activation of what a layer makes of x, which is a part of the layer where it can be. */
  public Tensor of(Forward forward, Linear layer, Tensor x) {
    return layer.apply(forward, x, fused, y -> consume(forward, y));
  }

  /**
   * The same, in inference in the memory of its input where it can.
   *
   * @param x read by nobody else
   */
  public Tensor consume(Forward forward, Tensor x) {
    if (forward.training()) {
      return function.apply(x);
    }
    Tensor y = inPlace.apply(x);
    // What works in place hands its input out anew, by a handle that does not keep it.
    return y.is_same(x) ? x : y;
  }
}
