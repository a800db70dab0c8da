package io.slipway.finetune.run;

import io.slipway.finetune.FineTuneProperties;
import io.slipway.finetune.job.FineTuneJobs;
import io.slipway.finetune.v1.FineTuneRun;
import io.slipway.finetune.v1.TrainingFailure;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.jobs.Job;
import io.slipway.kit.jobs.JobRun;
import io.slipway.kit.jobs.Jobs;
import java.time.Duration;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;

/** Holds a trainer for a job until the job's record has a result. */
@Component
class Training {

  private static final Logger log = LoggerFactory.getLogger(Training.class);

  private final Jobs jobs;
  private final TrainerHolds trainers;
  private final Duration poll;

  Training(Jobs jobs, TrainerHolds trainers, FineTuneProperties properties) {
    this.jobs = jobs;
    this.trainers = trainers;
    this.poll = properties.fineTune().poll();
  }

  /**
   * @return the record, with the result in it
   * @throws SlipwayException what the trainer reported, WORKER_LOST when it died, NO_COMPUTE when
   *     none came
   */
  FineTuneRun await(JobRun run) throws InterruptedException {
    FineTuneRun record = record(run.job());
    if (record.hasResult()) {
      return record;
    }
    try (TrainerHold trainer = trainers.acquire(run.job().name(), run.attempt())) {
      while (true) {
        run.checkCancelled();
        record = recordOr(run.job(), record);
        if (record.hasResult()) {
          return record;
        }
        throwReported(record.getFailure(), run.attempt());
        try {
          trainer.check();
        } catch (SlipwayException lost) {
          // It may have ended because it was done.
          record = record(run.job());
          if (record.hasResult()) {
            return record;
          }
          throwReported(record.getFailure(), run.attempt());
          throw lost;
        }
        Thread.sleep(poll);
      }
    }
  }

  private FineTuneRun record(Job job) {
    return FineTuneJobs.run(jobs.get(job.tenant(), FineTuneJobs.COLLECTION, job.name()));
  }

  /** A database that is away for a moment is no reason to stop a trainer. */
  private FineTuneRun recordOr(Job job, FineTuneRun last) {
    try {
      return record(job);
    } catch (DataAccessException | CannotCreateTransactionException e) {
      log.warn("{}: cannot look for its result: {}", job.name(), e.getMessage());
      return last;
    }
  }

  private static void throwReported(TrainingFailure failure, int attempt) {
    if (failure.getAttempt() == attempt) {
      throw new SlipwayException(code(failure.getReason()), failure.getMessage());
    }
  }

  private static ErrorCode code(String reason) {
    return Arrays.stream(ErrorCode.values())
        .filter(code -> code.name().equals(reason))
        .findFirst()
        .orElse(ErrorCode.INTERNAL);
  }
}
