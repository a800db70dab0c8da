package io.slipway.trainer.run;

/**
 * One attempt at one job.
 *
 * @param job {@code fineTuneJobs/{id}}
 * @param attempt counts from 1; a newer one takes the place of an older one
 */
public record RunId(String job, int attempt) {

  /** Whether this is the same attempt as another, or one before it. */
  public boolean isUpTo(RunId other) {
    return job.equals(other.job) && attempt <= other.attempt;
  }

  @Override
  public String toString() {
    return job + " attempt " + attempt;
  }
}
