package io.slipway.deployment.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.deployment.testing.PublishedTopics;
import io.slipway.deployment.testing.RegistryServer;
import io.slipway.deployment.testing.RunningDeployment;
import io.slipway.deployment.testing.ScriptedWorker;
import io.slipway.deployment.v1.AcquireGrantRequest;
import io.slipway.deployment.v1.Deployment;
import io.slipway.deployment.v1.GetGrantRequest;
import io.slipway.deployment.v1.Grant;
import io.slipway.deployment.v1.TrainerGrant;
import io.slipway.deployment.v1.TrainerRun;
import io.slipway.deployment.v1.WorkerDirective.DirectiveCase;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LeadershipTests {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void aStandbyRefusesWorkersAndTakesOverWithoutEmptyingARoute() throws Exception {
    var database = SharedInfrastructure.newDatabase();
    try (var registry = new RegistryServer();
        var leader = RunningDeployment.start(database, registry);
        var topics = new PublishedTopics()) {
      await().atMost(PATIENCE).until(() -> leader.bean(Leadership.class).getAsBoolean());
      try (var standby = RunningDeployment.start(database, registry);
          var worker = ScriptedWorker.inference(leader.port(), "takeover-worker");
          var trainer = ScriptedWorker.trainer(leader.port(), "takeover-trainer")) {
        String version = registry.add("models/acme/takeover/versions/1", 1000);
        String endpoint = leader.endpoint("takeover");
        Deployment deployment = leader.deploy(endpoint, version, 1);
        Grant grant =
            leader
                .compute()
                .acquireGrant(
                    AcquireGrantRequest.newBuilder()
                        .setHolder("fineTuneJobs/takeover")
                        .setAttempt(1)
                        .setTrainer(TrainerGrant.newBuilder().setJob("fineTuneJobs/takeover"))
                        .build());
        await().atMost(PATIENCE).until(() -> topics.replicas(endpoint).contains(worker.address()));
        await().atMost(PATIENCE).until(() -> state(standby, grant) == Grant.State.STATE_READY);
        assertThat(standby.get(deployment.getName()).getState())
            .as("a standby answers reads")
            .isEqualTo(Deployment.State.STATE_READY);
        try (var stray = ScriptedWorker.inference(standby.port(), "stray")) {
          await().atMost(PATIENCE).until(() -> stray.refusal.get() != null);
          assertThat(GrpcErrors.find(stray.refusal.get()).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        }
        int published = topics.versions(endpoint).size();

        leader.close();

        await().atMost(PATIENCE).until(() -> standby.bean(Leadership.class).getAsBoolean());
        try (var back = ScriptedWorker.inference(standby.port(), "takeover-worker", version);
            var backTrainer =
                ScriptedWorker.trainer(
                    standby.port(),
                    "takeover-trainer",
                    TrainerRun.newBuilder()
                        .setJob("fineTuneJobs/takeover")
                        .setAttempt(1)
                        .build())) {
          assertThat(back.has(version)).isTrue();
          String second = standby.endpoint("takeover-second");
          Deployment next = standby.deploy(second, version, 1);
          await()
              .atMost(PATIENCE)
              .until(() -> standby.get(next.getName()).getState() == Deployment.State.STATE_READY);
          assertThat(standby.get(deployment.getName()).getState())
              .isEqualTo(Deployment.State.STATE_READY);
          assertThat(topics.versions(endpoint)).as("the route was not touched").hasSize(published);
          assertThat(state(standby, grant)).isEqualTo(Grant.State.STATE_READY);
          assertThat(backTrainer.wasTold(DirectiveCase.STOP_RUN)).isFalse();
        }
      }
    }
  }

  private static Grant.State state(RunningDeployment service, Grant grant) {
    return service
        .compute()
        .getGrant(GetGrantRequest.newBuilder().setName(grant.getName()).build())
        .getState();
  }
}
