package io.slipway.evaluation.model;

import io.slipway.kit.jobs.VersionPins;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Lets go of the versions that evaluations have measured. */
@Component
class PinSweep {

  private final VersionPins pins;

  PinSweep(VersionPins pins) {
    this.pins = pins;
  }

  @Scheduled(fixedDelayString = "${slipway.evaluation.pin-sweep:1s}")
  void letGoOfEnded() {
    pins.letGoOfEnded(evaluation -> {});
  }
}
