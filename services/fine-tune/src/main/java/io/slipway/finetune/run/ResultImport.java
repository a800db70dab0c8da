package io.slipway.finetune.run;

import io.grpc.StatusRuntimeException;
import io.slipway.finetune.FineTuneProperties;
import io.slipway.finetune.v1.FineTuneJob;
import io.slipway.finetune.v1.FineTuneRun;
import io.slipway.imports.v1.CancelImportRequest;
import io.slipway.imports.v1.CreateImportRequest;
import io.slipway.imports.v1.FineTuneSource;
import io.slipway.imports.v1.Import;
import io.slipway.imports.v1.ImportServiceGrpc.ImportServiceBlockingStub;
import io.slipway.imports.v1.WatchImportRequest;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.jobs.JobCancelledException;
import io.slipway.kit.jobs.JobRun;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Hands a result to the import service, as any model enters: verified, tried, versioned. */
@Component
class ResultImport {

  private static final Logger log = LoggerFactory.getLogger(ResultImport.class);

  /** A stream that says nothing for so long is asked for anew: its service may be gone. */
  private static final Duration WATCH = Duration.ofSeconds(30);

  private static final Duration PAUSE = Duration.ofMillis(500);

  private final ImportServiceBlockingStub imports;
  private final Duration deadline;

  ResultImport(ImportServiceBlockingStub imports, FineTuneProperties properties) {
    this.imports = imports;
    this.deadline = properties.fineTune().callDeadline();
  }

  /**
   * Registers the result once, however often this is called.
   *
   * @return the new version's name
   * @throws SlipwayException why it could not be registered
   */
  String register(JobRun run, FineTuneJob spec, FineTuneRun trained) throws InterruptedException {
    try {
      Import begun = begin(run.job().name(), spec, trained);
      Import ended = awaitEnd(run, begun.getName());
      return switch (ended.getStatus().getState()) {
        case JOB_STATE_SUCCEEDED -> ended.getModelVersion();
        case JOB_STATE_CANCELLED ->
            throw new SlipwayException(
                ErrorCode.CANCELLED, ended.getName() + ", of the result, was cancelled.");
        case JOB_STATE_FAILED,
            JOB_STATE_QUEUED,
            JOB_STATE_RUNNING,
            JOB_STATE_UNSPECIFIED,
            UNRECOGNIZED ->
            throw failed(ended);
      };
    } catch (InterruptedException | RuntimeException e) {
      withdrawIfCancelled(run, spec, trained);
      throw e;
    }
  }

  private Import begin(String job, FineTuneJob spec, FineTuneRun trained) {
    FineTuneSource source =
        FineTuneSource.newBuilder()
            .setFineTuneJob(job)
            .setModelId(spec.getOutputModelId())
            .setBaseVersion(spec.getBaseVersion())
            .setDataset(spec.getDataset())
            .setTask(trained.getTask())
            .addAllFiles(trained.getResult().getFilesList())
            .build();
    return stub(deadline)
        .createImport(
            CreateImportRequest.newBuilder()
                .setImport(Import.newBuilder().setFineTune(source))
                .setRequestId(job)
                .build());
  }

  private Import awaitEnd(JobRun run, String name) throws InterruptedException {
    while (true) {
      run.checkCancelled();
      try {
        Iterator<Import> changes =
            stub(WATCH).watchImport(WatchImportRequest.newBuilder().setName(name).build());
        while (changes.hasNext()) {
          Import seen = changes.next();
          if (seen.getStatus().hasEndTime()) {
            return seen;
          }
        }
      } catch (StatusRuntimeException e) {
        SlipwayException failure = GrpcErrors.fromException(e);
        if (Thread.currentThread().isInterrupted() || !failure.code().isTransient()) {
          throw failure;
        }
        log.debug("{}: watching {} again: {}", run.job().name(), name, failure.reason());
      }
      Thread.sleep(PAUSE);
    }
  }

  /** The import has tried often enough by itself; asking again would find the same one. */
  private static SlipwayException failed(Import ended) {
    ErrorCode code = GrpcErrors.codeOf(ended.getStatus().getError());
    return new SlipwayException(
        code.isTransient() ? ErrorCode.TOO_MANY_ATTEMPTS : code,
        "The result could not be registered ("
            + ended.getName()
            + "): "
            + ended.getStatus().getError().getMessage());
  }

  /** A job that was cancelled shall not leave a version behind. */
  private void withdrawIfCancelled(JobRun run, FineTuneJob spec, FineTuneRun trained) {
    boolean interrupted = Thread.interrupted();
    try {
      run.checkCancelled();
    } catch (JobCancelledException cancelled) {
      withdraw(run.job().name(), spec, trained);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void withdraw(String job, FineTuneJob spec, FineTuneRun trained) {
    try {
      // The cancellation may have cut off the answer that named it; asking again finds it.
      Import begun = begin(job, spec, trained);
      stub(deadline)
          .cancelImport(CancelImportRequest.newBuilder().setName(begun.getName()).build());
    } catch (StatusRuntimeException e) {
      log.warn("{}: cannot cancel the import of its result: {}", job, e.getStatus());
    }
  }

  private ImportServiceBlockingStub stub(Duration patience) {
    return imports.withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}
