package io.slipway.models.layers.pass;

import io.slipway.models.runtime.Scope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;

/**
 * Blocks that ran without keeping anything for the backward pass, to be run again in it, the last
 * one first.
 *
 * <p>Between blocks the graph is cut: what a block hands on is a leaf that collects gradients, and
 * so is what it took from outside of any block. All leaves belong to the scope around the pass.
 */
final class Replay {

  /** Runs a block under the circumstances of its first run. */
  @FunctionalInterface
  interface Again {

    Tensor run(int index, Supplier<Tensor> block);
  }

  private sealed interface Piece permits Block, Cut {}

  /** A block, its inputs and the leaf that it handed on. */
  private record Block(
      int index, Function<List<Tensor>, Tensor> function, List<Tensor> inputs, Tensor output)
      implements Piece {}

  /** A tensor with a graph behind it, and the leaf that stands for it in blocks. */
  private record Cut(Tensor source, Tensor leaf) implements Piece {}

  private final Deque<Piece> pieces = new ArrayDeque<>();
  private final List<Cut> cuts = new ArrayList<>();

  /** Runs a block for the first time. */
  Tensor run(int index, Function<List<Tensor>, Tensor> function, Tensor... inputs) {
    List<Tensor> leaves = Arrays.stream(inputs).map(this::leaf).toList();
    Tensor output =
        Scope.result(
            () -> {
              GradMode.set_enabled(false);
              try {
                return function.apply(leaves).detach();
              } finally {
                GradMode.set_enabled(true);
              }
            });
    output.set_requires_grad(true);
    pieces.push(new Block(index, function, leaves, output));
    return output;
  }

  private Tensor leaf(Tensor input) {
    if (!input.requires_grad() || input.is_leaf()) {
      return input;
    }
    for (Cut cut : cuts) {
      if (cut.source().is_same(input)) {
        return cut.leaf();
      }
    }
    Cut cut = new Cut(input, input.detach().set_requires_grad(true));
    cuts.add(cut);
    pieces.push(cut);
    return cut.leaf();
  }

  /**
   * Carries the gradients back through all pieces, once those of what came after them are known.
   */
  void backward(Again again) {
    while (!pieces.isEmpty()) {
      try (PointerScope scope = new PointerScope()) {
        switch (pieces.pop()) {
          case Cut cut -> carry(cut.source(), cut.leaf());
          case Block block -> {
            Tensor output = again.run(block.index(), () -> block.function().apply(block.inputs()));
            carry(output, block.output());
          }
        }
      }
    }
    cuts.clear();
  }

  private static void carry(Tensor source, Tensor leaf) {
    Tensor gradient = leaf.grad();
    if (gradient.defined() && source.requires_grad()) {
      source.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
    }
    leaf.mutable_grad().reset();
  }
}
