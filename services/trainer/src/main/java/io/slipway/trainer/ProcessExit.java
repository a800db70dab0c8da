package io.slipway.trainer;

/** The end of this process, in order: what runs is stopped first. Returns at once. */
@FunctionalInterface
public interface ProcessExit {

  void begin();
}
