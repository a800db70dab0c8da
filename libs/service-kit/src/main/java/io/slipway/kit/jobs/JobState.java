package io.slipway.kit.jobs;

import com.google.rpc.Status;
import java.time.Instant;

/** Where a job is in its life. */
public sealed interface JobState {

  /** Waiting for a process to take it: new, or put back after an attempt that may be repeated. */
  record Queued() implements JobState {}

  /** Held under a lease. */
  record Running(Instant startTime, boolean cancelRequested) implements JobState {}

  /** Done; the job's detail has the result. */
  record Succeeded(Instant endTime) implements JobState {}

  /** Given up. */
  record Failed(Instant endTime, Status error) implements JobState {}

  /** Stopped because it was asked to. */
  record Cancelled(Instant endTime) implements JobState {}

  default boolean isTerminal() {
    return switch (this) {
      case Queued _, Running _ -> false;
      case Succeeded _, Failed _, Cancelled _ -> true;
    };
  }
}
