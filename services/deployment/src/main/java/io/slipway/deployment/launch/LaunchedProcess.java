package io.slipway.deployment.launch;

/** A process that was started here. */
public interface LaunchedProcess {

  boolean isAlive();

  /** Calls back, on any thread, when it has ended. */
  void whenEnded(Runnable callback);

  /** Asks it to finish and end, and does not wait. */
  void askToEnd();

  /** Ends it now. */
  void kill();

  /** Asks it to end, waits a while, and kills it then. */
  void close();

  /** Where its output is, and what else tells it from others. */
  String describe();
}
