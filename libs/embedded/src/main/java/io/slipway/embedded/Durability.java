package io.slipway.embedded;

/** What an acknowledged write of an embedded server survives. */
public enum Durability {
  /** Every acknowledged write has been flushed to the disk (fsync) and survives loss of power. */
  POWER_LOSS,

  /**
   * An acknowledged write lies in the operating system's page cache: it survives {@code kill -9} of
   * any process, and is lost only with the machine. For tests.
   */
  PROCESS_DEATH
}
