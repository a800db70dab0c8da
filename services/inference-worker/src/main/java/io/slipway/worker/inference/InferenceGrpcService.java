package io.slipway.worker.inference;

import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.inference.v1.Classification;
import io.slipway.inference.v1.InferenceServiceGrpc.InferenceServiceImplBase;
import io.slipway.inference.v1.PredictRequest;
import io.slipway.inference.v1.PredictResponse;
import io.slipway.inference.v1.TextClassificationRequest;
import io.slipway.inference.v1.TextClassificationRequest.FunctionToApply;
import io.slipway.inference.v1.TextClassificationResponse;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.models.task.LabelScore;
import io.slipway.models.task.ScoreFunction;
import io.slipway.worker.WorkerProperties;
import io.slipway.worker.control.Drainage;
import io.slipway.worker.model.Gate;
import io.slipway.worker.model.LoadedModels;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.springframework.grpc.server.service.GrpcService;

/** Answers for the models that are loaded here. */
@GrpcService
class InferenceGrpcService extends InferenceServiceImplBase {

  private final LoadedModels models;
  private final Gate requests;
  private final WorkerProperties properties;
  private final MeterRegistry meters;

  InferenceGrpcService(
      LoadedModels models, Drainage drainage, WorkerProperties properties, MeterRegistry meters) {
    this.models = models;
    this.requests = drainage.requests();
    this.properties = properties;
    this.meters = meters;
  }

  @Override
  public void predict(PredictRequest request, StreamObserver<PredictResponse> response) {
    if (!requests.enter()) {
      throw new SlipwayException(
          ErrorCode.UNAVAILABLE, "This worker is ending and takes no more requests.");
    }
    long begin = System.nanoTime();
    String code = "OK";
    try {
      response.onNext(answer(request));
      response.onCompleted();
    } catch (SlipwayException refusal) {
      code = refusal.code().name();
      throw refusal;
    } finally {
      requests.leave();
      meters
          .timer("slipway.worker.requests", "code", code)
          .record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
    }
  }

  private PredictResponse answer(PredictRequest request) {
    if (!request.hasTextClassification()) {
      throw SlipwayException.invalid(
          "The request is for %s; models here do TEXT_CLASSIFICATION."
              .formatted(request.getTaskCase()));
    }
    TextClassificationRequest task = request.getTextClassification();
    requireWithinLimits(task);
    try (LoadedModels.Use use = models.use(request.getModel())) {
      var labels = use.model().classify(task.getInputsList(), function(task), task.getTopK());
      return PredictResponse.newBuilder()
          .setModelVersion(request.getModel())
          .setTextClassification(message(labels))
          .build();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ErrorCode.CANCELLED, "The call was interrupted.", e);
    }
  }

  private void requireWithinLimits(TextClassificationRequest task) {
    if (task.getInputsCount() == 0) {
      throw SlipwayException.invalid("inputs is empty; expected at least one text.");
    }
    if (task.getInputsCount() > properties.largestInputs()) {
      throw new SlipwayException(
          ErrorCode.TOO_LARGE,
          "The request has %d inputs; at most %d are taken."
              .formatted(task.getInputsCount(), properties.largestInputs()));
    }
    for (int i = 0; i < task.getInputsCount(); i++) {
      if (task.getInputs(i).length() > properties.largestCharacters()) {
        throw new SlipwayException(
            ErrorCode.TOO_LARGE,
            "inputs[%d] has %d characters; at most %d are taken."
                .formatted(i, task.getInputs(i).length(), properties.largestCharacters()));
      }
    }
    if (task.getTopK() < 0) {
      throw SlipwayException.invalid(
          "top_k is " + task.getTopK() + "; expected 0 for all labels or a positive number.");
    }
  }

  private static Optional<ScoreFunction> function(TextClassificationRequest task) {
    FunctionToApply function = task.getFunctionToApply();
    return switch (function) {
      case FUNCTION_TO_APPLY_UNSPECIFIED -> Optional.empty();
      case FUNCTION_TO_APPLY_SOFTMAX -> Optional.of(ScoreFunction.SOFTMAX);
      case FUNCTION_TO_APPLY_SIGMOID -> Optional.of(ScoreFunction.SIGMOID);
      case FUNCTION_TO_APPLY_NONE -> Optional.of(ScoreFunction.NONE);
      case UNRECOGNIZED ->
          throw SlipwayException.invalid(
              "function_to_apply is %d, which this version does not know."
                  .formatted(task.getFunctionToApplyValue()));
    };
  }

  private static TextClassificationResponse message(List<List<LabelScore>> inputs) {
    TextClassificationResponse.Builder message = TextClassificationResponse.newBuilder();
    for (List<LabelScore> labels : inputs) {
      Classification.Builder classification = message.addClassificationsBuilder();
      labels.forEach(
          label ->
              classification.addLabelsBuilder().setLabel(label.label()).setScore(label.score()));
    }
    return message.build();
  }
}
