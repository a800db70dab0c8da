package io.slipway.models.training.run;

/**
 * The run has diverged: its loss or its gradients are no longer numbers. Repeating it would not
 * help.
 */
public final class NonFiniteLossException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NonFiniteLossException(int step, String what, double value) {
    super(
        "the %s is %s at step %d: the learning rate may be too high, or the weights or data are broken"
            .formatted(what, value, step));
  }
}
