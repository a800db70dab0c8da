package io.slipway.models.layers;

/** What a parameter is for; decides how a fresh one begins and whether weight decay pulls at it. */
public enum Role {
  /** Begins as normal noise; decays. */
  MATRIX,
  /** Begins at zero; does not decay. */
  BIAS,
  /** Scale of a normalisation: begins at one; does not decay. */
  SCALE,
  /** Not trained at all: state that a forward pass may change. */
  BUFFER
}
