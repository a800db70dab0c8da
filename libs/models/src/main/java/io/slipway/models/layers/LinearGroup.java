package io.slipway.models.layers;

import io.slipway.models.kernels.NarrowProduct;
import io.slipway.models.layers.pass.Forward;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Linear layers of the same input. They meet it in one product where the way their weights are
 * stored allows it, since beginning a product of few rows takes as long as a small one.
 */
public final class LinearGroup implements AutoCloseable {

  private final List<Linear> layers;
  private final boolean packsTogether;

  /** What {@link NarrowProduct} may take; empty where the weights are stored otherwise. */
  private final List<Tensor> narrow;

  private @Nullable Product joint;

  public LinearGroup(Weights weights, Linear... layers) {
    this(weights, true, layers);
  }

  private LinearGroup(Weights weights, boolean packsTogether, Linear... layers) {
    this.packsTogether = packsTogether;
    this.layers = List.of(layers);
    this.narrow = NarrowWeight.matrices(products());
    weights.register(this);
  }

  /**
   * A gate and what passes it, which are packed apart, since one product can become a part of the
   * other.
   */
  public static LinearGroup gated(Weights weights, Linear gate, Linear passing) {
    return new LinearGroup(weights, false, gate, passing);
  }

  List<Linear> layers() {
    return layers;
  }

  /**
   * The layers one by one, if what comes after their products can be a part of these; else none.
   */
  public List<Linear> fusing(Forward forward) {
    return layers.stream().allMatch(layer -> layer.fuses(forward)) ? layers : List.of();
  }

  private List<Product> products() {
    return layers.stream().map(Linear::product).toList();
  }

  /** [..., inputs] to [..., outputs] of each layer */
  public List<Tensor> apply(Forward forward, Tensor x) {
    List<Tensor> all = together(x);
    return all == null
        ? layers.stream().map(layer -> layer.apply(forward, x)).toList()
        : IntStream.range(0, all.size())
            .mapToObj(i -> layers.get(i).completed(forward, x, all.get(i)))
            .toList();
  }

  private @Nullable List<Tensor> together(Tensor x) {
    if (joint != null) {
      return parts(joint.apply(x, null));
    }
    return !narrow.isEmpty() && NarrowProduct.takes(narrow, x)
        ? NarrowProduct.apply(narrow, x)
        : null;
  }

  private List<Tensor> parts(Tensor all) {
    List<Tensor> parts = new ArrayList<>();
    long first = 0;
    for (Linear layer : layers) {
      parts.add(all.narrow(-1, first, layer.outputs()));
      first += layer.outputs();
    }
    return parts;
  }

  /** Puts weights of few bits one after another, once they are all quantised. */
  void join() {
    Quantized.joined(products()).ifPresent(this::become);
  }

  /**
   * Packs the weights one after another, if all of them can be.
   *
   * @return whether they can; as they were they are not read any more then
   */
  boolean pack() {
    if (!packsTogether || !layers.stream().allMatch(Linear::isPackable)) {
      return false;
    }
    Tensor[] matrices = layers.stream().map(Linear::matrix).toArray(Tensor[]::new);
    become(Packed.of(torch.cat(new TensorVector(matrices), 0)));
    return true;
  }

  private void become(Product all) {
    joint = all;
    long first = 0;
    for (Linear layer : layers) {
      layer.become(new Product.Part(all, first, layer.outputs()));
      first += layer.outputs();
    }
  }

  @Override
  public void close() {
    if (joint != null) {
      joint.close();
      joint = null;
    }
  }
}
