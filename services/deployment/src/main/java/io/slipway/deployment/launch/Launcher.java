package io.slipway.deployment.launch;

import io.slipway.deployment.v1.WorkerKind;

/** Where more workers and trainers come from. */
public interface Launcher {

  /** How many processes of a kind may run at a time; 0 when they come by themselves. */
  int most(WorkerKind kind);

  /**
   * Starts a process that will connect with this launch id.
   *
   * @throws LaunchException when it cannot even be started
   */
  LaunchedProcess launch(WorkerKind kind, String launchId);
}
