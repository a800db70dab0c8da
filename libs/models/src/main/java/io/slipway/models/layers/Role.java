package io.slipway.models.layers;

/** What a parameter is for; decides how a fresh one begins and whether weight decay pulls at it. */
public enum Role {
  /**
   * Of a linear layer or a table, which may be stored in few bits: begins as normal noise; decays.
   */
  MATRIX,
  /** Any other weight with several dimensions: begins as normal noise; decays. */
  KERNEL,
  /** Begins at zero; does not decay. */
  BIAS,
  /** Scale of a normalisation: begins at one; does not decay. */
  SCALE,
  /** Not trained at all: state that a forward pass may change. */
  BUFFER;

  /** Whether weight decay pulls at it. */
  public boolean decays() {
    return this == MATRIX || this == KERNEL;
  }
}
