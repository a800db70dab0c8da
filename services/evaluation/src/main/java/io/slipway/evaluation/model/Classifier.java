package io.slipway.evaluation.model;

import io.slipway.deployment.v1.Replica;
import io.slipway.evaluation.EvaluationProperties;
import io.slipway.inference.client.InferenceClient;
import io.slipway.inference.v1.Classification;
import io.slipway.inference.v1.PredictRequest;
import io.slipway.inference.v1.PredictResponse;
import io.slipway.inference.v1.TextClassificationRequest;
import io.slipway.kit.compute.GrantedCompute;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.registry.v1.ModelVersion;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a granted model for the labels of texts. Safe for use by several threads. */
public final class Classifier {

  /**
   * @param labels the best one for each text, in order
   * @param time that the answering call took
   */
  public record Answer(List<String> labels, Duration time) {}

  private static final Logger log = LoggerFactory.getLogger(Classifier.class);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final InferenceClient inference;
  private final ModelVersion version;
  private final GrantedCompute granted;
  private final EvaluationProperties properties;
  private final Clock clock;

  Classifier(
      InferenceClient inference,
      ModelVersion version,
      GrantedCompute granted,
      EvaluationProperties properties,
      Clock clock) {
    this.inference = inference;
    this.version = version;
    this.granted = granted;
    this.properties = properties;
    this.clock = clock;
  }

  /**
   * Blocks until a worker has answered. When none can now, because one has died or the queue is
   * full, it waits for the model to be back, as long as an evaluation waits for its model.
   *
   * @throws SlipwayException what the worker said last, or why the model is granted no more
   */
  public Answer classify(List<String> texts) throws InterruptedException {
    PredictRequest request =
        PredictRequest.newBuilder()
            .setModel(version.getName())
            .setTextClassification(
                TextClassificationRequest.newBuilder().addAllInputs(texts).setTopK(1))
            .build();
    Instant giveUp = clock.instant().plus(properties.modelTimeout());
    while (true) {
      List<Replica> replicas = granted.replicas();
      try {
        Instant begin = clock.instant();
        PredictResponse response = inference.predict(replicas, request, properties.batchTimeout());
        return new Answer(labels(response, texts.size()), Duration.between(begin, clock.instant()));
      } catch (SlipwayException failure) {
        if (!mayPass(failure.code()) || clock.instant().isAfter(giveUp)) {
          throw failure;
        }
        log.info("{}: {}; trying again", version.getName(), failure.reason());
      }
      Thread.sleep(PAUSE);
      granted.refresh();
    }
  }

  /** A worker that has just come back does not know its models yet. */
  private static boolean mayPass(ErrorCode code) {
    return code.isTransient() || code == ErrorCode.NOT_FOUND;
  }

  private List<String> labels(PredictResponse response, int texts) {
    List<Classification> answers = response.getTextClassification().getClassificationsList();
    if (answers.size() != texts) {
      throw new SlipwayException(
          ErrorCode.INTERNAL,
          "%s answered %d of %d texts.".formatted(version.getName(), answers.size(), texts));
    }
    return answers.stream().map(this::best).toList();
  }

  private String best(Classification answer) {
    if (answer.getLabelsCount() == 0
        || !version.getLabelsList().contains(answer.getLabels(0).getLabel())) {
      throw new SlipwayException(
          ErrorCode.INTERNAL,
          "%s answered %s, expected one of its labels %s."
              .formatted(version.getName(), answer.getLabelsList(), version.getLabelsList()));
    }
    return answer.getLabels(0).getLabel();
  }
}
