package io.slipway.models.layers;

import io.slipway.models.runtime.Precision;
import io.slipway.models.runtime.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * A model's linear layers. Once it is complete, their weights are stored otherwise than in the
 * checkpoint: one by one, so that what one needs on its way leaves room for the next.
 */
final class LinearLayers implements AutoCloseable {

  private final Map<String, Linear> layers = new LinkedHashMap<>();
  private final List<LinearGroup> groups = new ArrayList<>();

  void add(Linear layer) {
    layers.put(layer.name(), layer);
  }

  void add(LinearGroup group) {
    groups.add(group);
  }

  Collection<Linear> all() {
    return Collections.unmodifiableCollection(layers.values());
  }

  Optional<Linear> named(String name) {
    return Optional.ofNullable(layers.get(name));
  }

  /**
   * Stores weights in few bits.
   *
   * @param stored told of each layer that does not read its weight as it was any more
   */
  void quantize(Precision precision, Consumer<Linear> stored) {
    Set<Linear> alone = new LinkedHashSet<>(layers.values());
    for (LinearGroup group : groups) {
      try (PointerScope scope = new PointerScope()) {
        group.layers().forEach(layer -> quantize(layer, precision, stored));
        group.join();
      }
      alone.removeAll(group.layers());
    }
    for (Linear layer : alone) {
      try (PointerScope scope = new PointerScope()) {
        quantize(layer, precision, stored);
      }
    }
  }

  private static void quantize(Linear layer, Precision precision, Consumer<Linear> stored) {
    if (layer.quantize(precision) && !layer.isShared()) {
      stored.accept(layer);
    }
  }

  /**
   * Packs weights for a processor that multiplies bfloat16.
   *
   * @param stored told of each layer that does not read its weight as it was any more
   */
  void pack(Consumer<Linear> stored) {
    for (LinearGroup group : groups) {
      try (PointerScope scope = new PointerScope()) {
        if (group.pack()) {
          group.layers().forEach(stored);
        }
      }
    }
    for (Linear layer : layers.values()) {
      if (layer.isPackable()) {
        try (PointerScope scope = new PointerScope()) {
          layer.pack();
          stored.accept(layer);
        }
      }
    }
  }

  /**
   * Brings packed weights back.
   *
   * @param back takes each layer's weight over, which it has been given to read
   */
  void unpack(BiConsumer<Linear, Tensor> back) {
    for (Linear layer : layers.values()) {
      try (PointerScope scope = new PointerScope()) {
        layer
            .unpacked()
            .ifPresent(
                unpacked -> {
                  Tensor weight = Scope.keep(unpacked.clone());
                  layer.unpack(weight);
                  back.accept(layer, weight);
                });
      }
    }
    groups.forEach(LinearGroup::close);
  }

  @Override
  public void close() {
    layers.values().forEach(Linear::close);
    layers.clear();
    groups.forEach(LinearGroup::close);
    groups.clear();
  }
}
