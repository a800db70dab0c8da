package io.slipway.deployment.grant;

import static io.slipway.kit.jobs.JobStatuses.timestamp;

import com.google.protobuf.Empty;
import io.grpc.stub.StreamObserver;
import io.slipway.deployment.DeploymentProperties;
import io.slipway.deployment.quarantine.ModelCrashes;
import io.slipway.deployment.signal.ChangeSignal;
import io.slipway.deployment.v1.AcquireGrantRequest;
import io.slipway.deployment.v1.ComputeServiceGrpc.ComputeServiceImplBase;
import io.slipway.deployment.v1.GetGrantRequest;
import io.slipway.deployment.v1.Grant;
import io.slipway.deployment.v1.ReleaseGrantRequest;
import io.slipway.deployment.v1.RenewGrantRequest;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.watch.ResourceWatch;
import io.slipway.kit.watch.Sighting;
import java.time.Duration;
import org.springframework.grpc.server.service.GrpcService;

/** Compute for jobs of other services. */
@GrpcService
class ComputeGrpcService extends ComputeServiceImplBase {

  private final Grants grants;
  private final ModelCrashes crashes;
  private final DeploymentProperties properties;
  private final ChangeSignal changes;
  private final ResourceWatch watch;

  ComputeGrpcService(
      Grants grants, ModelCrashes crashes, DeploymentProperties properties, ChangeSignal changes) {
    this.grants = grants;
    this.crashes = crashes;
    this.properties = properties;
    this.changes = changes;
    this.watch = new ResourceWatch(properties.watchInterval());
  }

  @Override
  public void acquireGrant(AcquireGrantRequest request, StreamObserver<Grant> response) {
    requireWhole(request);
    if (request.hasModel() && crashes.isQuarantined(request.getModel().getModel())) {
      throw crashes.quarantined(request.getModel().getModel());
    }
    ComputeGrant grant = grants.acquire(tenant(), request, timeToLive(request.getTimeToLive()));
    changes.raise();
    answer(response, message(grant));
  }

  private static void requireWhole(AcquireGrantRequest request) {
    if (request.getHolder().isEmpty()) {
      throw SlipwayException.invalid("holder is empty; expected the name of a resource.");
    }
    if (request.getAttempt() < 0) {
      throw SlipwayException.invalid(
          "attempt is " + request.getAttempt() + "; expected 0 or more.");
    }
    switch (request.getPurposeCase()) {
      case MODEL -> {
        if (request.getModel().getModel().isEmpty() || request.getModel().getFilesCount() == 0) {
          throw SlipwayException.invalid("model needs an id and at least one file.");
        }
      }
      case TRAINER -> {
        if (request.getTrainer().getJob().isEmpty()) {
          throw SlipwayException.invalid("trainer.job is empty; expected fineTuneJobs/{id}.");
        }
      }
      case PURPOSE_NOT_SET -> throw SlipwayException.invalid("model or trainer must be set.");
    }
  }

  private Duration timeToLive(com.google.protobuf.Duration asked) {
    Duration time = Duration.ofSeconds(asked.getSeconds(), asked.getNanos());
    if (time.isNegative() || time.compareTo(properties.longestTimeToLive()) > 0) {
      throw SlipwayException.invalid(
          "time_to_live is %s; expected up to %s.".formatted(time, properties.longestTimeToLive()));
    }
    return time.isZero() ? properties.defaultTimeToLive() : time;
  }

  @Override
  public void getGrant(GetGrantRequest request, StreamObserver<Grant> response) {
    answer(response, message(grants.get(tenant(), request.getName())));
  }

  @Override
  public void watchGrant(GetGrantRequest request, StreamObserver<Grant> responses) {
    String tenant = tenant();
    grants.get(tenant, request.getName());
    watch.stream(
        () ->
            grants
                .find(tenant, request.getName())
                .map(
                    grant ->
                        new Sighting<>(
                            grant.version(), !grant.state().isLive(), () -> message(grant))),
        responses);
  }

  @Override
  public void renewGrant(RenewGrantRequest request, StreamObserver<Grant> response) {
    ComputeGrant grant =
        grants.renew(tenant(), request.getName(), timeToLive(request.getTimeToLive()));
    answer(response, message(grant));
  }

  @Override
  public void releaseGrant(ReleaseGrantRequest request, StreamObserver<Empty> response) {
    grants.release(tenant(), request.getName());
    changes.raise();
    answer(response, Empty.getDefaultInstance());
  }

  private static Grant message(ComputeGrant grant) {
    AcquireGrantRequest request = grant.request();
    Grant.Builder message =
        Grant.newBuilder()
            .setName(grant.name())
            .setHolder(request.getHolder())
            .setAttempt(request.getAttempt())
            .setExpireTime(timestamp(grant.expireTime()));
    if (request.hasModel()) {
      message.setModel(request.getModel());
    } else {
      message.setTrainer(request.getTrainer());
    }
    switch (grant.state()) {
      case GrantState.Pending() -> message.setState(Grant.State.STATE_PENDING);
      case GrantState.Ready(var replicas) ->
          message.setState(Grant.State.STATE_READY).addAllReplicas(replicas);
      case GrantState.Failed(var error) ->
          message.setState(Grant.State.STATE_FAILED).setError(error);
      case GrantState.Ended() -> message.setState(Grant.State.STATE_ENDED);
    }
    return message.build();
  }

  private static String tenant() {
    return Caller.current().tenant();
  }

  private static <T> void answer(StreamObserver<T> response, T message) {
    response.onNext(message);
    response.onCompleted();
  }
}
