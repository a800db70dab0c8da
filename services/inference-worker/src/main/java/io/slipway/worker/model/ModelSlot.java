package io.slipway.worker.model;

import io.slipway.deployment.v1.DesiredModel;

/**
 * A model's place on this worker.
 *
 * @param gate calls that use it
 */
record ModelSlot(DesiredModel desired, ModelState state, Gate gate) {

  ModelSlot with(ModelState newState) {
    return new ModelSlot(desired, newState, gate);
  }
}
