package io.slipway.evaluation.model;

import io.slipway.deployment.v1.Replica;
import io.slipway.evaluation.EvaluationProperties;
import io.slipway.inference.client.InferenceClient;
import io.slipway.inference.v1.Classification;
import io.slipway.inference.v1.PredictRequest;
import io.slipway.inference.v1.PredictResponse;
import io.slipway.inference.v1.TextClassificationRequest;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
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
  private final GrantedModel model;
  private final EvaluationProperties properties;
  private final Clock clock;

  Classifier(
      InferenceClient inference, GrantedModel model, EvaluationProperties properties, Clock clock) {
    this.inference = inference;
    this.model = model;
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
            .setModel(model.version().getName())
            .setTextClassification(
                TextClassificationRequest.newBuilder().addAllInputs(texts).setTopK(1))
            .build();
    Instant giveUp = clock.instant().plus(properties.modelTimeout());
    while (true) {
      List<Replica> replicas = model.replicas();
      try {
        Instant begin = clock.instant();
        PredictResponse response = inference.predict(replicas, request, properties.batchTimeout());
        return new Answer(labels(response, texts.size()), Duration.between(begin, clock.instant()));
      } catch (SlipwayException failure) {
        if (!mayPass(failure.code()) || clock.instant().isAfter(giveUp)) {
          throw failure;
        }
        log.info("{}: {}; trying again", model.version().getName(), failure.reason());
      }
      Thread.sleep(PAUSE);
      model.refresh();
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
          "%s answered %d of %d texts."
              .formatted(model.version().getName(), answers.size(), texts));
    }
    return answers.stream().map(this::best).toList();
  }

  private String best(Classification answer) {
    if (answer.getLabelsCount() == 0
        || !model.version().getLabelsList().contains(answer.getLabels(0).getLabel())) {
      throw new SlipwayException(
          ErrorCode.INTERNAL,
          "%s answered %s, expected one of its labels %s."
              .formatted(
                  model.version().getName(),
                  answer.getLabelsList(),
                  model.version().getLabelsList()));
    }
    return answer.getLabels(0).getLabel();
  }
}
