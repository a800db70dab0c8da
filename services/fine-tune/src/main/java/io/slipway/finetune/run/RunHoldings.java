package io.slipway.finetune.run;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.Digest;
import io.slipway.common.v1.ArtifactFile;
import io.slipway.finetune.v1.FineTuneRun;
import io.slipway.kit.jobs.Job;
import io.slipway.kit.jobs.VersionPins;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * What jobs hold outside this service until they have ended: a pin on the base version, and the
 * last checkpoint. Whoever finds the job ended, however it did, lets go of both.
 */
@Component
class RunHoldings {

  private static final String STAMPED = ".safetensors";

  private final VersionPins pins;
  private final ArtifactStore store;

  RunHoldings(VersionPins pins, ArtifactStore store) {
    this.pins = pins;
    this.store = store;
  }

  /** Keeps the base version from being deleted until the job has ended. */
  void hold(Job job, String baseVersion) {
    pins.pin(job, baseVersion);
  }

  @Scheduled(fixedDelayString = "${slipway.fine-tune.sweep:1s}")
  void letGo() {
    pins.letGoOfEnded(
        job -> checkpointOnly(job.detail(FineTuneRun.parser())).forEach(store::delete));
  }

  /**
   * Weights of the last checkpoint that nothing else of the job refers to. Trainers stamp weights
   * with their attempt, so no other job has the same; small files, such as a configuration, may be
   * what another job's result is made of, and stay.
   */
  static Set<Digest> checkpointOnly(FineTuneRun run) {
    Set<Digest> digests =
        new HashSet<>(
            digests(
                run.getCheckpoint().getFilesList().stream()
                    .filter(file -> file.getPath().endsWith(STAMPED))));
    digests.removeAll(
        digests(
            Stream.concat(
                run.getBaseFilesList().stream(), run.getResult().getFilesList().stream())));
    return digests;
  }

  private static Set<Digest> digests(Stream<ArtifactFile> files) {
    return files.map(ArtifactFile::getSha256).map(Digest::of).collect(Collectors.toSet());
  }
}
