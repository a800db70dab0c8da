package io.slipway.models.layers;

import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Scope;
import io.slipway.models.runtime.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The circumstances of one pass through a model: inference, or a training step with its own random
 * numbers.
 */
public final class Forward {

  private final @Nullable Randomness randomness;
  private @Nullable Generator generator;
  private int blocks;
  private int chances;

  private Forward(@Nullable Randomness randomness) {
    this.randomness = randomness;
    this.generator = randomness == null ? null : randomness.generator(-1);
  }

  /** Each block draws from a stream of its own, so that it can be run again. */
  private record Randomness(ComputeDevice device, Seed seed) {

    Generator generator(int block) {
      return Forward.generator(device, seed.derive(block));
    }
  }

  /** Nothing is random, nothing is kept for a backward pass. */
  public static Forward inference() {
    return new Forward(null);
  }

  /** Dropout is drawn from the seed; belongs to the current scope. */
  public static Forward training(ComputeDevice device, Seed seed) {
    return new Forward(new Randomness(device, seed));
  }

  static Generator generator(ComputeDevice device, Seed seed) {
    if (device.kind() == ComputeDevice.Kind.CPU) {
      return torch.make_generator_cpu(seed.value());
    }
    Generator generator = torch.globalContext().defaultGenerator(device.handle());
    generator.set_current_seed(seed.value());
    return generator;
  }

  public boolean training() {
    return generator != null;
  }

  /**
   * Sets elements to zero with the given probability and scales the others up; in inference the
   * input as it is.
   *
   * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al. 2014</a>
   */
  public Tensor dropout(Tensor x, double probability) {
    if (generator == null || probability == 0) {
      return x;
    }
    double kept = 1 - probability;
    Tensor mask = torch.empty_like(x).bernoulli_(kept, new GeneratorOptional(generator));
    return x.mul(kept > 0 ? mask.div_(new Scalar(kept)) : mask);
  }

  /**
   * Whether a whole layer is left out of this pass, with the given probability; never in inference.
   *
   * @see <a href="https://arxiv.org/abs/1909.11556">Fan, Grave, Joulin 2019</a>
   */
  public boolean leavesOut(double probability) {
    if (randomness == null || probability == 0) {
      return false;
    }
    Seed seed = randomness.seed().derive("layer").derive(chances++);
    return new Random(seed.value()).nextDouble() < probability;
  }

  /**
   * Runs one of many equal blocks so that what only it needs is freed when it ends.
   *
   * @param inputs every tensor that the block takes a gradient through to what came before it
   */
  public Tensor block(Function<List<Tensor>, Tensor> block, Tensor... inputs) {
    if (randomness != null) {
      generator = randomness.generator(blocks++);
    }
    return Scope.result(() -> block.apply(Arrays.asList(inputs)));
  }

  /** {@link #block(Function, Tensor...)} of one input. */
  public Tensor block(Tensor input, UnaryOperator<Tensor> block) {
    return block(inputs -> block.apply(inputs.getFirst()), input);
  }
}
