package io.slipway.models.layers;

import java.util.Set;

/** What an architecture knows about the names in its checkpoints. */
public interface WeightNames {

  /**
   * The name under which the architecture asks for a tensor of a file.
   *
   * @param name as in the file
   * @param all all names of the checkpoint, which may tell its variant
   */
  String canonical(String name, Set<String> all);

  /**
   * Whether a tensor (by canonical name) may be in the file although this model has no use for it.
   */
  boolean ignorable(String name);

  /**
   * The path under which the architecture has a layer that an adapter changes.
   *
   * @param path as the adapter has it, which may be of another version of the reference
   */
  default String layer(String path) {
    return path;
  }

  /**
   * The path that the current version of the reference has for a layer, under which adapters are
   * written: the other way round than {@link #layer}.
   */
  default String path(String layer) {
    return layer;
  }
}
