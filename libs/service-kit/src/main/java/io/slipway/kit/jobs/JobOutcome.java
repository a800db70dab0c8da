package io.slipway.kit.jobs;

import com.google.protobuf.Message;

/**
 * What a successful run came to.
 *
 * @param detail the job's last detail, with the result in it
 * @param effects domain writes and events; run in the transaction in which the job becomes
 *     SUCCEEDED, and undone with it if another attempt has taken the job
 */
public record JobOutcome(Message detail, Runnable effects) {

  public static JobOutcome of(Message detail) {
    return new JobOutcome(detail, () -> {});
  }
}
