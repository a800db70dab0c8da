package io.slipway.models.layers.pass;

import io.slipway.models.runtime.Autocast;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Scope;
import io.slipway.models.runtime.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The circumstances of one pass through a model: inference, or a training step with its own random
 * numbers, and the adapters that it goes through. Belongs to the current scope.
 */
public final class Forward {

  private final RowAdapters adapters;
  private final @Nullable TrainingPass pass;
  private final @Nullable Replay replay;
  private @Nullable DropoutMasks masks;
  private int blocks;
  private int chances;
  private boolean again;

  private Forward(RowAdapters adapters, @Nullable TrainingPass pass) {
    this.adapters = adapters;
    this.pass = pass;
    this.replay = pass != null && pass.checkpointing() ? new Replay() : null;
    this.masks = pass == null ? null : masksOf(pass, -1);
  }

  /** Nothing is random, nothing is kept for a backward pass. */
  public static Forward inference() {
    return inference(RowAdapters.NONE);
  }

  /** Like {@link #inference()}, each row through an adapter of its own choice. */
  public static Forward inference(RowAdapters adapters) {
    return new Forward(adapters, null);
  }

  /** Dropout is drawn from the seed. */
  public static Forward training(ComputeDevice device, Seed seed) {
    return training(TrainingPass.of(device, seed));
  }

  /** A pass that {@link #backward} can follow. */
  public static Forward training(TrainingPass pass) {
    Adapter adapter = pass.adapter();
    return new Forward(adapter == null ? RowAdapters.NONE : RowAdapters.all(adapter), pass);
  }

  /** Each block draws from a stream of its own, so that it can be run again. */
  private static DropoutMasks masksOf(TrainingPass pass, int block) {
    return DropoutMasks.of(pass.device(), pass.seed().derive(block));
  }

  public static Generator generator(ComputeDevice device, Seed seed) {
    if (device.kind() == ComputeDevice.Kind.CPU) {
      return torch.make_generator_cpu(seed.value());
    }
    Generator generator = torch.globalContext().defaultGenerator(device.handle());
    generator.set_current_seed(seed.value());
    return generator;
  }

  public boolean training() {
    return masks != null;
  }

  /**
   * Whether this is a block's second run, in the backward pass, which must not count again what its
   * first run has counted.
   */
  public boolean again() {
    return again;
  }

  /**
   * What all rows share, for layers that may be another for each row: once for each of them where
   * rows go through adapters of their own, else as it is.
   *
   * @param x [...]
   * @return [...], or [rows, ...]
   */
  public Tensor forEachRow(Tensor x) {
    return adapters.forEachRow(x);
  }

  /**
   * The same pass for other rows, each of which goes through the adapter of one of these.
   *
   * @param origins by new row, the row whose adapter it goes through
   */
  public Forward rows(int[] origins) {
    RowAdapters chosen = adapters.rows(origins);
    return chosen == adapters ? this : inference(chosen);
  }

  /** What some rows of a batch come to. */
  @FunctionalInterface
  public interface Rows {

    /** To [count, ...] */
    Tensor run(Forward forward, int first, int count);
  }

  /**
   * Sends rows through in groups, one after another, so that what a pass holds on to does not grow
   * with its batch. For inference.
   *
   * @param together rows of a group
   * @return [rows, ...]
   */
  public Tensor inGroups(int rows, int together, Rows work) {
    TensorVector groups = new TensorVector();
    for (int from = 0; from < rows; from += together) {
      int first = from;
      int count = Math.min(together, rows - from);
      int[] origins = IntStream.range(first, first + count).toArray();
      groups.push_back(Scope.result(() -> work.run(rows(origins), first, count)));
    }
    return torch.cat(groups, 0);
  }

  /** A tensor in the type of another; in training as it is, since autocast sees to types there. */
  Tensor as(Tensor other, Tensor x) {
    return training() ? x : x.to(other.scalar_type());
  }

  /** The adapters that the rows go through. */
  public RowAdapters adapters() {
    return adapters;
  }

  /**
   * Sets elements to zero with the given probability and scales the others up; in inference the
   * input as it is.
   *
   * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al. 2014</a>
   */
  public Tensor dropout(Tensor x, double probability) {
    return masks == null || probability == 0 ? x : x.mul(masks.next(x, 1 - probability));
  }

  /**
   * Whether a whole layer is left out of this pass, with the given probability; never in inference.
   *
   * @see <a href="https://arxiv.org/abs/1909.11556">Fan, Grave, Joulin 2019</a>
   */
  public boolean leavesOut(double probability) {
    if (pass == null || probability == 0) {
      return false;
    }
    Seed seed = pass.seed().derive("layer").derive(chances++);
    return new Random(seed.value()).nextDouble() < probability;
  }

  /**
   * Runs one of many equal blocks so that what only it needs is freed when it ends, and so that it
   * can run again in the backward pass: it must compute the same from the same inputs, apart from
   * {@link #dropout}, and change nothing {@link #again}.
   *
   * @param inputs every tensor that the block takes a gradient through to what came before it
   */
  public Tensor block(Function<List<Tensor>, Tensor> block, Tensor... inputs) {
    int index = blocks++;
    begin(index);
    return replay == null
        ? Scope.result(() -> block.apply(Arrays.asList(inputs)))
        : replay.run(index, block, inputs);
  }

  /** {@link #block(Function, Tensor...)} of one input. */
  public Tensor block(Tensor input, UnaryOperator<Tensor> block) {
    return block(inputs -> block.apply(inputs.getFirst()), input);
  }

  /**
   * Runs a {@linkplain #block(Tensor, UnaryOperator) block} for each layer, one after another; see
   * {@link #chain}.
   */
  public <L> Tensor blocks(List<L> layers, Tensor input, BiFunction<L, Tensor, Tensor> block) {
    return chain(layers, input, (layer, x) -> block(x, in -> block.apply(layer, in)));
  }

  /**
   * Takes a step for each layer, one after another, each on what came of the one before it, which
   * inference needs no longer.
   *
   * @param step a layer and its input to its output; the input itself where it is left out
   */
  public <L> Tensor chain(List<L> layers, Tensor input, BiFunction<L, Tensor, Tensor> step) {
    Tensor x = input;
    for (L layer : layers) {
      Tensor before = x;
      x = step.apply(layer, before);
      if (!training() && before != input && before != x) {
        Scope.free(before);
      }
    }
    return x;
  }

  private void begin(int block) {
    if (pass != null) {
      masks = masksOf(pass, block);
    }
  }

  /** Runs the model, or a part of it, in the precision of the pass. */
  public Tensor compute(Supplier<Tensor> work) {
    return pass == null
        ? work.get()
        : Autocast.under(pass.precision(), pass.device(), replay == null, work);
  }

  /**
   * Adds the gradients of a loss, which came out of this pass, to those of the parameters.
   *
   * @param loss a scalar
   */
  public void backward(Tensor loss) {
    loss.backward();
    if (replay != null) {
      again = true;
      replay.backward(
          (index, block) -> {
            begin(index);
            return compute(block);
          });
    }
  }
}
