package io.slipway.finetune.run;

import io.grpc.StatusRuntimeException;
import io.slipway.deployment.v1.ComputeServiceGrpc.ComputeServiceBlockingStub;
import io.slipway.deployment.v1.GetGrantRequest;
import io.slipway.deployment.v1.Grant;
import io.slipway.deployment.v1.ReleaseGrantRequest;
import io.slipway.deployment.v1.RenewGrantRequest;
import io.slipway.finetune.FineTuneProperties;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A trainer held for one attempt at a job: looked after while the attempt waits, let go of when it
 * ends. Used by one thread.
 */
final class TrainerHold implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TrainerHold.class);

  private final Grant grant;
  private final ComputeServiceBlockingStub compute;
  private final FineTuneProperties.FineTune properties;
  private final Clock clock;
  private final Instant since;
  private Instant lastRenewal;
  private Instant lastLook;

  TrainerHold(
      Grant grant,
      ComputeServiceBlockingStub compute,
      FineTuneProperties.FineTune properties,
      Clock clock) {
    this.grant = grant;
    this.compute = compute;
    this.properties = properties;
    this.clock = clock;
    this.since = clock.instant();
    this.lastRenewal = since;
    this.lastLook = since;
  }

  /**
   * To be called often; renews the grant and looks at the trainer when it is time.
   *
   * @throws SlipwayException WORKER_LOST when the trainer is gone, NO_COMPUTE when none has come
   */
  void check() {
    Instant now = clock.instant();
    if (now.isBefore(lastLook.plus(properties.grantCheck()))) {
      return;
    }
    lastLook = now;
    try {
      judge(look(now), now);
    } catch (StatusRuntimeException e) {
      SlipwayException failure = GrpcErrors.fromException(e);
      if (failure.code() == ErrorCode.NOT_FOUND) {
        throw lost("its grant has ended");
      }
      boolean holds = now.isBefore(lastRenewal.plus(properties.grantTimeToLive()));
      if (!failure.code().isTransient() || !holds) {
        throw failure;
      }
      log.warn("{}: cannot look after its trainer: {}", grant.getHolder(), failure.reason());
    }
  }

  /** A third of its time to live leaves two more tries to renew it. */
  private Grant look(Instant now) {
    if (now.isBefore(lastRenewal.plus(properties.grantTimeToLive().dividedBy(3)))) {
      return stub().getGrant(GetGrantRequest.newBuilder().setName(grant.getName()).build());
    }
    Grant renewed =
        stub()
            .renewGrant(
                RenewGrantRequest.newBuilder()
                    .setName(grant.getName())
                    .setTimeToLive(message(properties.grantTimeToLive()))
                    .build());
    lastRenewal = now;
    return renewed;
  }

  private void judge(Grant seen, Instant now) {
    switch (seen.getState()) {
      case STATE_PENDING -> {
        if (now.isAfter(since.plus(properties.trainerPatience()))) {
          throw new SlipwayException(
              ErrorCode.NO_COMPUTE,
              "No trainer was free for "
                  + grant.getHolder()
                  + " within "
                  + properties.trainerPatience()
                  + ".");
        }
      }
      case STATE_READY -> {}
      case STATE_FAILED -> {
        if (GrpcErrors.codeOf(seen.getError()) == ErrorCode.NO_COMPUTE) {
          throw new SlipwayException(ErrorCode.NO_COMPUTE, seen.getError().getMessage());
        }
        throw lost(seen.getError().getMessage());
      }
      case STATE_ENDED -> throw lost("its grant has ended");
      case STATE_UNSPECIFIED, UNRECOGNIZED ->
          throw new SlipwayException(
              ErrorCode.INTERNAL,
              grant.getName() + " is in the unknown state " + seen.getState() + ".");
    }
  }

  private SlipwayException lost(String why) {
    return new SlipwayException(
        ErrorCode.WORKER_LOST, "The trainer of " + grant.getHolder() + " is gone: " + why + ".");
  }

  /** Stops the trainer, if it still runs. If this fails, its time to live ends it. */
  @Override
  public void close() {
    // An interrupt, which ends the attempt, must not keep the trainer from being let go of.
    boolean interrupted = Thread.interrupted();
    try {
      stub().releaseGrant(ReleaseGrantRequest.newBuilder().setName(grant.getName()).build());
    } catch (StatusRuntimeException e) {
      log.warn("{}: cannot let go of its trainer: {}", grant.getHolder(), e.getStatus());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private ComputeServiceBlockingStub stub() {
    return compute.withDeadlineAfter(properties.callDeadline().toMillis(), TimeUnit.MILLISECONDS);
  }

  static com.google.protobuf.Duration message(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }
}
