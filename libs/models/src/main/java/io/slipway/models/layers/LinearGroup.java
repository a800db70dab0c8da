package io.slipway.models.layers;

import io.slipway.models.kernels.NarrowProduct;
import io.slipway.models.layers.pass.Forward;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Linear layers of the same input. They meet it in one product where the way their weights are
 * stored allows it, since beginning a product of few rows takes as long as a small one.
 */
public final class LinearGroup implements AutoCloseable {

  private final List<Linear> layers;

  /** What {@link NarrowProduct} may take; empty where the weights are stored otherwise. */
  private final List<Tensor> narrow;

  private @Nullable Quantized joint;

  public LinearGroup(Weights weights, Linear... layers) {
    this.layers = List.of(layers);
    this.narrow = Product.Widened.matrices(products());
    weights.register(this);
  }

  List<Linear> layers() {
    return layers;
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
    joint = Quantized.joined(products()).orElse(null);
    if (joint != null) {
      long first = 0;
      for (Linear layer : layers) {
        layer.become(new Product.Part(joint, first, layer.outputs()));
        first += layer.outputs();
      }
    }
  }

  @Override
  public void close() {
    if (joint != null) {
      joint.close();
    }
  }
}
