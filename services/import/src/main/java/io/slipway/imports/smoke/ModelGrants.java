package io.slipway.imports.smoke;

import com.google.protobuf.Duration;
import io.grpc.StatusRuntimeException;
import io.slipway.artifacts.StoredFile;
import io.slipway.deployment.v1.AcquireGrantRequest;
import io.slipway.deployment.v1.ComputeServiceGrpc.ComputeServiceBlockingStub;
import io.slipway.deployment.v1.GetGrantRequest;
import io.slipway.deployment.v1.Grant;
import io.slipway.deployment.v1.ModelGrant;
import io.slipway.deployment.v1.ReleaseGrantRequest;
import io.slipway.deployment.v1.RenewGrantRequest;
import io.slipway.imports.ImportProperties;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.jobs.JobRun;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Asks {@code deployment} for workers that load a model, and gives them back. */
@Component
class ModelGrants {

  private static final Logger log = LoggerFactory.getLogger(ModelGrants.class);
  private static final Duration TIME_TO_LIVE = Duration.newBuilder().setSeconds(60).build();
  private static final java.time.Duration RENEWAL = java.time.Duration.ofSeconds(20);
  private static final java.time.Duration POLL = java.time.Duration.ofMillis(250);
  private static final int DEADLINE_SECONDS = 10;

  private final ComputeServiceBlockingStub compute;
  private final ImportProperties properties;
  private final Clock clock;

  ModelGrants(ComputeServiceBlockingStub compute, ImportProperties properties, Clock clock) {
    this.compute = compute;
    this.properties = properties;
    this.clock = clock;
  }

  /**
   * Does some work while the job's model is loaded under the job's name.
   *
   * @param work gets the READY grant
   */
  void whileGranted(JobRun run, List<StoredFile> files, Consumer<Grant> work)
      throws InterruptedException {
    Grant grant = acquire(run, files);
    try {
      work.accept(awaitReady(run, grant));
    } finally {
      release(grant);
    }
  }

  private Grant acquire(JobRun run, List<StoredFile> files) {
    ModelGrant model =
        ModelGrant.newBuilder()
            .setModel(run.job().name())
            .addAllFiles(files.stream().map(StoredFile::toProto).toList())
            .build();
    return stub()
        .acquireGrant(
            AcquireGrantRequest.newBuilder()
                .setHolder(run.job().name())
                .setAttempt(run.attempt())
                .setModel(model)
                .setTimeToLive(TIME_TO_LIVE)
                .build());
  }

  private Grant awaitReady(JobRun run, Grant acquired) throws InterruptedException {
    Instant giveUp = clock.instant().plus(properties.smokeRunPatience());
    Instant renewal = clock.instant().plus(RENEWAL);
    Grant grant = acquired;
    while (grant.getState() != Grant.State.STATE_READY) {
      requirePending(grant);
      run.checkCancelled();
      if (clock.instant().isAfter(giveUp)) {
        throw new SlipwayException(
            ErrorCode.NO_COMPUTE,
            "No worker has loaded the model within %d s (slipway.imports.smoke-run-patience)."
                .formatted(properties.smokeRunPatience().toSeconds()));
      }
      if (clock.instant().isAfter(renewal)) {
        renew(grant);
        renewal = clock.instant().plus(RENEWAL);
      }
      Thread.sleep(POLL);
      grant = stub().getGrant(GetGrantRequest.newBuilder().setName(grant.getName()).build());
    }
    return grant;
  }

  private static void requirePending(Grant grant) {
    if (grant.getState() == Grant.State.STATE_FAILED) {
      throw new SlipwayException(
          GrpcErrors.codeOf(grant.getError()),
          "The model could not be tried: " + grant.getError().getMessage());
    }
    if (grant.getState() != Grant.State.STATE_PENDING) {
      throw new SlipwayException(
          ErrorCode.UNAVAILABLE, "The grant for the smoke run has ended before its time.");
    }
  }

  private void renew(Grant grant) {
    var _ =
        stub()
            .renewGrant(
                RenewGrantRequest.newBuilder()
                    .setName(grant.getName())
                    .setTimeToLive(TIME_TO_LIVE)
                    .build());
  }

  /** A grant that cannot be released runs out by itself. */
  private void release(Grant grant) {
    // A cancelled run is interrupted, and an interrupted thread makes no calls.
    boolean interrupted = Thread.interrupted();
    try {
      var _ =
          stub().releaseGrant(ReleaseGrantRequest.newBuilder().setName(grant.getName()).build());
    } catch (StatusRuntimeException e) {
      log.warn("{} could not be released and will expire: {}", grant.getName(), e.getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private ComputeServiceBlockingStub stub() {
    return compute.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }
}
