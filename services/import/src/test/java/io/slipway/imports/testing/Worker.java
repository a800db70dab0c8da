package io.slipway.imports.testing;

import io.grpc.stub.StreamObserver;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.Digest;
import io.slipway.common.v1.ArtifactFile;
import io.slipway.inference.v1.Classification;
import io.slipway.inference.v1.InferenceServiceGrpc.InferenceServiceImplBase;
import io.slipway.inference.v1.LabelScore;
import io.slipway.inference.v1.PredictRequest;
import io.slipway.inference.v1.PredictResponse;
import io.slipway.inference.v1.TextClassificationResponse;
import io.slipway.modelfiles.ModelConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;

/** Answers for the models that {@link Compute} has granted, with the labels of their own files. */
public final class Worker extends InferenceServiceImplBase {

  /** How good its answers are. */
  public enum Mode {
    RIGHT,
    NOT_FINITE,
    OTHER_LABELS
  }

  public volatile Mode mode = Mode.RIGHT;
  private final Compute compute;
  private final Supplier<ArtifactStore> store;

  Worker(Compute compute, Supplier<ArtifactStore> store) {
    this.compute = compute;
    this.store = store;
  }

  @Override
  public void predict(PredictRequest request, StreamObserver<PredictResponse> responses) {
    List<String> labels = labels(request.getModel());
    Classification.Builder answer = Classification.newBuilder();
    for (String label : labels) {
      answer.addLabels(
          LabelScore.newBuilder()
              .setLabel(mode == Mode.OTHER_LABELS ? label + "?" : label)
              .setScore(mode == Mode.NOT_FINITE ? Double.NaN : 1.0 / labels.size()));
    }
    responses.onNext(
        PredictResponse.newBuilder()
            .setModelVersion(request.getModel())
            .setTextClassification(
                TextClassificationResponse.newBuilder().addClassifications(answer))
            .build());
    responses.onCompleted();
  }

  private List<String> labels(String model) {
    ArtifactFile config =
        compute.acquired.stream()
            .filter(grant -> grant.getModel().getModel().equals(model))
            .flatMap(grant -> grant.getModel().getFilesList().stream())
            .filter(file -> file.getPath().equals("config.json"))
            .findFirst()
            .orElseThrow();
    try {
      return ModelConfig.read(store.get().path(Digest.of(config.getSha256()))).labels();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
