package io.slipway.evaluation.model;

import io.slipway.deployment.v1.AcquireGrantRequest;
import io.slipway.deployment.v1.ComputeServiceGrpc.ComputeServiceBlockingStub;
import io.slipway.deployment.v1.ModelGrant;
import io.slipway.evaluation.EvaluationProperties;
import io.slipway.inference.client.InferenceClient;
import io.slipway.kit.compute.GrantSettings;
import io.slipway.kit.compute.GrantedCompute;
import io.slipway.kit.jobs.JobRun;
import io.slipway.registry.v1.ModelVersion;
import java.time.Clock;
import org.springframework.stereotype.Component;

/** Where models run for evaluations. */
@Component
public class ModelCompute {

  private final ComputeServiceBlockingStub compute;
  private final InferenceClient inference;
  private final EvaluationProperties properties;
  private final Clock clock;

  ModelCompute(
      ComputeServiceBlockingStub compute,
      InferenceClient inference,
      EvaluationProperties properties,
      Clock clock) {
    this.compute = compute;
    this.inference = inference;
    this.properties = properties;
    this.clock = clock;
  }

  /** Asks for compute for one attempt at an evaluation; the caller gives it back by closing it. */
  public GrantedCompute acquire(JobRun run, ModelVersion version) {
    return GrantedCompute.acquire(
        compute,
        new GrantSettings(
            properties.grantTimeToLive(), properties.modelTimeout(), properties.callTimeout()),
        AcquireGrantRequest.newBuilder()
            .setHolder(run.job().name())
            .setAttempt(run.attempt())
            .setModel(
                ModelGrant.newBuilder()
                    .setModel(version.getName())
                    .addAllFiles(version.getFilesList())));
  }

  /** Asks the model, once it is ready. */
  public Classifier classifier(ModelVersion version, GrantedCompute granted) {
    return new Classifier(inference, version, granted, properties, clock);
  }
}
