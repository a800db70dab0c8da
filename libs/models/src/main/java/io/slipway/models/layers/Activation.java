package io.slipway.models.layers;

import io.slipway.modelfiles.ModelConfig;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Activation functions by the names that configurations use. */
public enum Activation {
  GELU("gelu", torch::gelu),
  /** The tanh approximation of GELU. */
  GELU_NEW("gelu_new", x -> torch.gelu(x, "tanh")),
  GELU_PYTORCH_TANH("gelu_pytorch_tanh", x -> torch.gelu(x, "tanh")),
  RELU("relu", torch::relu),
  SILU("silu", torch::silu),
  SWISH("swish", torch::silu),
  TANH("tanh", torch::tanh);

  private final String configName;

  @SuppressWarnings("ImmutableEnumChecker") // The functions hold no state.
  private final UnaryOperator<Tensor> function;

  Activation(String configName, UnaryOperator<Tensor> function) {
    this.configName = configName;
    this.function = function;
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

  public Tensor apply(Tensor x) {
    return function.apply(x);
  }
}
