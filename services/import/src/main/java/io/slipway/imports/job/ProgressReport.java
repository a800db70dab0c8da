package io.slipway.imports.job;

import io.slipway.imports.hub.FetchProgress;
import io.slipway.imports.v1.Import;
import io.slipway.imports.v1.ImportProgress;
import io.slipway.imports.v1.ImportProgress.Step;
import io.slipway.kit.jobs.JobRun;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Writes an attempt's progress down: each step at once, numbers no more often than an interval
 * allows. Every call ends a run that was cancelled or lost.
 */
final class ProgressReport {

  private final JobRun run;
  private final Duration interval;
  private final Clock clock;
  private final Import.Builder detail;
  private Instant next;

  ProgressReport(JobRun run, Duration interval, Clock clock) {
    this.run = run;
    this.interval = interval;
    this.clock = clock;
    this.detail = run.job().detail(Import.parser()).toBuilder().clearProgress();
    this.next = clock.instant();
  }

  void step(Step step) {
    detail.getProgressBuilder().setStep(step);
    write();
  }

  void downloading(FetchProgress progress) {
    ImportProgress.Builder shown = detail.getProgressBuilder();
    boolean begins = shown.getStep() != Step.STEP_DOWNLOADING;
    shown
        .setStep(Step.STEP_DOWNLOADING)
        .setBytesDone(progress.bytesDone())
        .setBytesTotal(progress.bytesTotal())
        .setFilesDone(progress.filesDone())
        .setFilesTotal(progress.filesTotal());
    if (begins || progress.isComplete() || !clock.instant().isBefore(next)) {
      write();
    } else {
      run.checkCancelled();
    }
  }

  /** The detail of an import that is about to be registered. */
  Import registering() {
    detail.getProgressBuilder().setStep(Step.STEP_REGISTERING);
    return detail.build();
  }

  private void write() {
    next = clock.instant().plus(interval);
    run.report(detail.build());
  }
}
