package io.slipway.kit.jobs;

import com.google.protobuf.Timestamp;
import io.slipway.common.v1.JobStatus;
import java.time.Instant;

/** A job's state as the API shows it. */
public final class JobStatuses {

  private JobStatuses() {}

  public static JobStatus of(Job job) {
    JobStatus.Builder status =
        JobStatus.newBuilder()
            .setAttempt(job.attempt())
            .setCreateTime(timestamp(job.createTime()))
            .setUpdateTime(timestamp(job.updateTime()));
    switch (job.state()) {
      case JobState.Queued() -> status.setState(io.slipway.common.v1.JobState.JOB_STATE_QUEUED);
      case JobState.Running(var startTime, var cancelRequested) ->
          status
              .setState(io.slipway.common.v1.JobState.JOB_STATE_RUNNING)
              .setStartTime(timestamp(startTime))
              .setCancelRequested(cancelRequested);
      case JobState.Succeeded(var endTime) ->
          status
              .setState(io.slipway.common.v1.JobState.JOB_STATE_SUCCEEDED)
              .setEndTime(timestamp(endTime));
      case JobState.Failed(var endTime, var error) ->
          status
              .setState(io.slipway.common.v1.JobState.JOB_STATE_FAILED)
              .setEndTime(timestamp(endTime))
              .setError(error);
      case JobState.Cancelled(var endTime) ->
          status
              .setState(io.slipway.common.v1.JobState.JOB_STATE_CANCELLED)
              .setEndTime(timestamp(endTime))
              .setCancelRequested(true);
    }
    return status.build();
  }

  public static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }
}
