package io.slipway.deployment.launch;

/** A process cannot be started; the message says why. */
public final class LaunchException extends RuntimeException {

  LaunchException(String message, Throwable cause) {
    super(message, cause);
  }
}
