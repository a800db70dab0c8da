package io.slipway.evaluation.model;

import io.slipway.deployment.v1.ComputeServiceGrpc.ComputeServiceBlockingStub;
import io.slipway.evaluation.EvaluationProperties;
import io.slipway.inference.client.InferenceClient;
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
  public GrantedModel acquire(JobRun run, ModelVersion version) {
    return GrantedModel.acquire(compute, properties, run.job().name(), run.attempt(), version);
  }

  /** Asks the model, once it is ready. */
  public Classifier classifier(GrantedModel model) {
    return new Classifier(inference, model, properties, clock);
  }
}
