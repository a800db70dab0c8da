package io.slipway.deployment.placement;

/** What a worker computes with, or what a model asks for. */
public enum Hardware {
  /** A model that runs wherever there is room. */
  ANY,
  CPU,
  CUDA;

  boolean accepts(Hardware worker) {
    return this == ANY || this == worker;
  }
}
