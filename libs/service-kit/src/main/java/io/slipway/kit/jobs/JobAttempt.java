package io.slipway.kit.jobs;

import com.google.rpc.Status;
import io.grpc.Context;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.telemetry.Traces;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs one attempt at a job and writes down what it came to. */
final class JobAttempt {

  private static final Logger log = LoggerFactory.getLogger(JobAttempt.class);

  private final Jobs jobs;
  private final TransactionTemplate transaction;
  private final JobProperties properties;
  private final Traces traces;

  JobAttempt(Jobs jobs, TransactionTemplate transaction, JobProperties properties, Traces traces) {
    this.jobs = jobs;
    this.transaction = transaction;
    this.properties = properties;
    this.traces = traces;
  }

  /**
   * @param serviceRuns false once the service stops; a job that this interrupts is put back
   */
  void run(JobHandler handler, JobRun run, BooleanSupplier serviceRuns) {
    Job job = run.job();
    traces.resume(
        job.traceparent(),
        job.name(),
        () -> {
          try {
            JobOutcome outcome = work(handler, run);
            run.checkCancelled();
            transaction.executeWithoutResult(
                status -> {
                  jobs.succeed(run.lease(), outcome.detail());
                  outcome.effects().run();
                });
            log.info("{}: succeeded", job.name());
          } catch (RuntimeException | InterruptedException failure) {
            // The interrupt has done its work; what follows writes to the database.
            boolean interrupted = Thread.interrupted() || failure instanceof InterruptedException;
            conclude(handler, run, failure, interrupted && !serviceRuns.getAsBoolean());
          }
        });
  }

  /**
   * The heart stops before the end is written: a beat after it would find the job ended, and take
   * it for lost.
   */
  private JobOutcome work(JobHandler handler, JobRun run) throws InterruptedException {
    Job job = run.job();
    try (var _ = new JobHeartbeat(jobs, run, properties, Thread.currentThread())) {
      log.info("{}: attempt {} begins", job.name(), run.attempt());
      if (run.attempt() > properties.maxAttempts()) {
        throw new SlipwayException(
            ErrorCode.TOO_MANY_ATTEMPTS,
            job.name()
                + " was begun "
                + properties.maxAttempts()
                + " times and did not come to an end.");
      }
      if (job.state() instanceof JobState.Running(_, var cancelRequested) && cancelRequested) {
        run.markCancelled();
      }
      run.checkCancelled();
      return runAsOwner(handler, run);
    }
  }

  private static JobOutcome runAsOwner(JobHandler handler, JobRun run) throws InterruptedException {
    Context owner = new Caller(run.job().tenant(), run.job().name()).inContext();
    Context previous = owner.attach();
    try {
      return handler.run(run);
    } finally {
      owner.detach(previous);
    }
  }

  private void conclude(JobHandler handler, JobRun run, Exception failure, boolean serviceStops) {
    Job job = run.job();
    try {
      if (run.isLost() || failure instanceof LostLeaseException) {
        log.warn("{}: attempt {} has lost the job and leaves it", job.name(), run.attempt());
      } else if (run.isCancelled()) {
        transaction.executeWithoutResult(
            status -> jobs.cancel(run.lease(), jobs.detailOf(run.lease())));
        log.info("{}: cancelled", job.name());
      } else if (serviceStops) {
        jobs.requeue(run.lease(), Duration.ZERO);
        log.info("{}: put back, since the service stops", job.name());
      } else if (failure instanceof DataAccessException
          || failure instanceof TransactionException) {
        // The job cannot be written to now; its lease runs out, and whoever takes it goes on.
        log.warn("{}: the database failed during attempt {}", job.name(), run.attempt(), failure);
      } else {
        failOrRetry(handler, run, failure);
      }
    } catch (LostLeaseException e) {
      log.warn("{}: attempt {} had lost the job before it ended", job.name(), run.attempt());
    } catch (DataAccessException | TransactionException e) {
      log.warn("{}: could not write down how attempt {} ended", job.name(), run.attempt(), e);
    }
  }

  private void failOrRetry(JobHandler handler, JobRun run, Exception failure) {
    Job job = run.job();
    SlipwayException reason = GrpcErrors.find(failure);
    if (reason == null) {
      log.error("{}: attempt {} failed unexpectedly", job.name(), run.attempt(), failure);
      reason = new SlipwayException(ErrorCode.INTERNAL, "The job failed unexpectedly: " + failure);
    }
    if (reason.code().isTransient() && run.attempt() < properties.maxAttempts()) {
      Duration delay = properties.retryDelayAfter(run.attempt());
      jobs.requeue(run.lease(), delay);
      log.info(
          "{}: attempt {} failed, next in {}: {}",
          job.name(),
          run.attempt(),
          delay,
          reason.reason());
      return;
    }
    Status error = GrpcErrors.toStatus(reason);
    transaction.executeWithoutResult(
        status -> {
          jobs.fail(run.lease(), jobs.detailOf(run.lease()), error);
          handler.onFailed(job, error);
        });
    log.info("{}: failed with {}: {}", job.name(), reason.code(), reason.reason());
  }
}
