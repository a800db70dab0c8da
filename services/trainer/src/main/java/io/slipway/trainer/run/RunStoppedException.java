package io.slipway.trainer.run;

/** A run ends because it was told to. */
final class RunStoppedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final StopReason reason;

  RunStoppedException(StopReason reason) {
    super("The run was stopped: " + reason);
    this.reason = reason;
  }

  StopReason reason() {
    return reason;
  }
}
