package io.slipway.models.layers;

import org.bytedeco.pytorch.Tensor;

/**
 * A weight of a model.
 *
 * @param name as the reference implementation names it, and as files are written
 */
public record Parameter(String name, Role role, Tensor tensor) {}
