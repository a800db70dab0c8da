package io.slipway.finetune.run;

import io.slipway.deployment.v1.AcquireGrantRequest;
import io.slipway.deployment.v1.ComputeServiceGrpc.ComputeServiceBlockingStub;
import io.slipway.deployment.v1.TrainerGrant;
import io.slipway.finetune.FineTuneProperties;
import io.slipway.kit.compute.GrantSettings;
import io.slipway.kit.compute.GrantedCompute;
import java.time.Clock;
import org.springframework.stereotype.Component;

/** Asks for trainers. */
@Component
class TrainerHolds {

  private final ComputeServiceBlockingStub compute;
  private final FineTuneProperties.FineTune properties;
  private final Clock clock;

  TrainerHolds(ComputeServiceBlockingStub compute, FineTuneProperties properties, Clock clock) {
    this.compute = compute;
    this.properties = properties.fineTune();
    this.clock = clock;
  }

  /** The trainer of an older attempt at the same job is stopped by this. */
  TrainerHold acquire(String job, int attempt) {
    GrantedCompute granted =
        GrantedCompute.acquire(
            compute,
            new GrantSettings(
                properties.grantTimeToLive(),
                properties.trainerPatience(),
                properties.callDeadline()),
            AcquireGrantRequest.newBuilder()
                .setHolder(job)
                .setAttempt(attempt)
                .setTrainer(TrainerGrant.newBuilder().setJob(job))
                .setDevice(properties.device().device()));
    return new TrainerHold(granted, properties.grantCheck(), clock);
  }
}
