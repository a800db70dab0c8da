package io.slipway.deployment.grant;

import io.slipway.deployment.v1.AcquireGrantRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A lease on compute.
 *
 * @param request what was asked for
 * @param worker the trainer that was given the run
 * @param version grows with each change
 */
public record ComputeGrant(
    String id,
    String tenant,
    AcquireGrantRequest request,
    GrantState state,
    @Nullable String worker,
    Instant expireTime,
    Instant createTime,
    long version) {

  public static final String COLLECTION = "grants";

  /** {@code grants/{id}} */
  public String name() {
    return COLLECTION + "/" + id;
  }

  public boolean isForTrainer() {
    return request.hasTrainer();
  }
}
