package io.slipway.imports.smoke;

import io.slipway.artifacts.StoredFile;
import io.slipway.deployment.v1.AcquireGrantRequest;
import io.slipway.deployment.v1.ComputeServiceGrpc.ComputeServiceBlockingStub;
import io.slipway.deployment.v1.ModelGrant;
import io.slipway.deployment.v1.Replica;
import io.slipway.imports.ImportProperties;
import io.slipway.inference.client.InferenceClient;
import io.slipway.inference.v1.Classification;
import io.slipway.inference.v1.LabelScore;
import io.slipway.inference.v1.PredictRequest;
import io.slipway.inference.v1.PredictResponse;
import io.slipway.inference.v1.TextClassificationRequest;
import io.slipway.kit.compute.GrantSettings;
import io.slipway.kit.compute.GrantedCompute;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.jobs.JobRun;
import java.time.Duration;
import java.util.List;
import org.springframework.stereotype.Component;

/** Has a worker load a model and answer one sentence, and looks at the answer. */
@Component
public class SmokeRun {

  private static final String SAMPLE =
      "The parcel arrived two days late, but the support was kind.";
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private static final Duration TIME_TO_LIVE = Duration.ofSeconds(60);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

  private final ComputeServiceBlockingStub compute;
  private final InferenceClient inference;
  private final ImportProperties properties;

  SmokeRun(
      ComputeServiceBlockingStub compute, InferenceClient inference, ImportProperties properties) {
    this.compute = compute;
    this.inference = inference;
    this.properties = properties;
  }

  /**
   * @param labels of the model's configuration
   * @throws SlipwayException MALFORMED_MODEL when the answer is not what the configuration
   *     promises, or what the worker or the grant failed with
   */
  public void run(JobRun run, List<StoredFile> files, List<String> labels)
      throws InterruptedException {
    try (GrantedCompute granted = acquire(run, files)) {
      granted.awaitReady(run::checkCancelled);
      check(ask(run.job().name(), granted.replicas()), labels);
    }
  }

  /** The model is loaded under the job's name, since it has none of its own yet. */
  private GrantedCompute acquire(JobRun run, List<StoredFile> files) {
    return GrantedCompute.acquire(
        compute,
        new GrantSettings(TIME_TO_LIVE, properties.smokeRunPatience(), CALL_TIMEOUT),
        AcquireGrantRequest.newBuilder()
            .setHolder(run.job().name())
            .setAttempt(run.attempt())
            .setModel(
                ModelGrant.newBuilder()
                    .setModel(run.job().name())
                    .addAllFiles(files.stream().map(StoredFile::toProto).toList())));
  }

  private Classification ask(String model, List<Replica> replicas) {
    PredictResponse response =
        inference.predict(
            replicas,
            PredictRequest.newBuilder()
                .setModel(model)
                .setTextClassification(TextClassificationRequest.newBuilder().addInputs(SAMPLE))
                .build(),
            DEADLINE);
    int answers = response.getTextClassification().getClassificationsCount();
    if (answers != 1) {
      throw refused("gave %d answers to one input".formatted(answers));
    }
    return response.getTextClassification().getClassifications(0);
  }

  private static void check(Classification answer, List<String> labels) {
    for (LabelScore score : answer.getLabelsList()) {
      if (!Double.isFinite(score.getScore())) {
        throw refused(
            "gave \"%s\" the score %s; expected a finite number"
                .formatted(score.getLabel(), score.getScore()));
      }
    }
    List<String> answered =
        answer.getLabelsList().stream().map(LabelScore::getLabel).sorted().toList();
    if (!answered.equals(labels.stream().sorted().toList())) {
      throw refused("answered with the labels %s; config.json has %s".formatted(answered, labels));
    }
  }

  private static SlipwayException refused(String what) {
    return new SlipwayException(
        ErrorCode.MALFORMED_MODEL, "The model was tried on a worker and " + what + ".");
  }
}
