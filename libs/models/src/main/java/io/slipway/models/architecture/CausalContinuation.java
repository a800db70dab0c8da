package io.slipway.models.architecture;

/**
 * Sequences of a model that only decodes: new ones may join those that are under way, and may begin
 * with what another has read.
 */
public interface CausalContinuation extends Continuation {

  /** Adds sequences that are still empty, after the others. */
  void join(int rows);

  /**
   * Lets a row be the first tokens of another row, or of itself, without reading them again; what
   * it was is forgotten.
   *
   * @throws IllegalArgumentException when the source has fewer tokens
   */
  void reuse(int row, int source, int tokens);
}
