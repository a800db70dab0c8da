package io.slipway.models.layers.pass;

import io.slipway.models.layers.Linear;
import io.slipway.models.runtime.Scope;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a model's linear layers that are trained and kept apart from its weights, so that many
 * can share one model. Which rows go through it says {@link RowAdapters}.
 *
 * <p>Owns its tensors until {@link #close}, which like everything here runs on the compute thread.
 */
public final class Adapter implements AutoCloseable {

  private final Map<String, LinearChange> changes;

  /**
   * Takes over tensors.
   *
   * @param changes by the path of the layer, as {@link Linear#name} gives it; their tensors have
   *     been {@linkplain Scope#keep kept}
   */
  public Adapter(Map<String, LinearChange> changes) {
    this.changes = new LinkedHashMap<>(changes);
  }

  /** What becomes of a layer; null when it stays as it is. */
  public @Nullable LinearChange change(String layer) {
    return changes.get(layer);
  }

  /** Paths of the layers that are changed. */
  public Collection<String> layers() {
    return changes.keySet();
  }

  @Override
  public void close() {
    for (LinearChange change : changes.values()) {
      switch (change) {
        case LinearChange.LowRank lowRank -> {
          Scope.release(lowRank.a());
          Scope.release(lowRank.b());
        }
        case LinearChange.Replacement replacement -> {
          Scope.release(replacement.weight());
          Tensor bias = replacement.bias();
          if (bias != null) {
            Scope.release(bias);
          }
        }
      }
    }
    changes.clear();
  }
}
