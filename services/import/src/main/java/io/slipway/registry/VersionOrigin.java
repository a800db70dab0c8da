package io.slipway.registry;

/** Where the content of a version came from. */
public sealed interface VersionOrigin {

  /**
   * @param modelId as on the hub
   * @param revision as it was asked for
   * @param commit 40 hex digits
   */
  record FromHub(String modelId, String revision, String commit) implements VersionOrigin {}

  /**
   * @param job fineTuneJobs/{id}
   * @param baseVersion name of the version that was tuned
   * @param dataset datasets/{id}
   */
  record FromFineTune(String job, String baseVersion, String dataset) implements VersionOrigin {}
}
