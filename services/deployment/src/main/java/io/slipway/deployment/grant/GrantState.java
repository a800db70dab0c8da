package io.slipway.deployment.grant;

import com.google.rpc.Status;
import io.slipway.deployment.v1.Replica;
import java.util.List;

/** Where a grant is in its life. */
public sealed interface GrantState {

  /** Waits for a worker; a trainer may have been given the run, but has not taken it yet. */
  record Pending() implements GrantState {}

  /**
   * @param replicas where a model answers; empty for a trainer
   */
  record Ready(List<Replica> replicas) implements GrantState {}

  record Failed(Status error) implements GrantState {}

  /** Released, replaced, expired, or the run is over. */
  record Ended() implements GrantState {}

  default boolean isLive() {
    return switch (this) {
      case Pending _, Ready _ -> true;
      case Failed _, Ended _ -> false;
    };
  }
}
