package io.slipway.deployment.launch;

import io.slipway.deployment.v1.WorkerKind;

/** Pools of workers and trainers are started, and scaled, by somebody else. */
final class NoLauncher implements Launcher {

  @Override
  public int most(WorkerKind kind) {
    return 0;
  }

  @Override
  public LaunchedProcess launch(WorkerKind kind, String launchId) {
    throw new IllegalStateException("There is no launcher; slipway.deployment.launcher is none.");
  }
}
