package io.slipway.gateway.testing;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.stub.StreamObserver;
import io.slipway.deployment.v1.Replica;
import io.slipway.inference.v1.Classification;
import io.slipway.inference.v1.InferenceServiceGrpc.InferenceServiceImplBase;
import io.slipway.inference.v1.LabelScore;
import io.slipway.inference.v1.PredictRequest;
import io.slipway.inference.v1.PredictResponse;
import io.slipway.inference.v1.TextClassificationResponse;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.identity.CallerServerInterceptor;
import io.slipway.kit.identity.PlatformCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A worker that finds every text good, as far as its length allows. */
public final class Worker extends InferenceServiceImplBase implements AutoCloseable {

  public final AtomicInteger calls = new AtomicInteger();
  private final String id;
  private final Server server;

  public Worker(String id) {
    this.id = id;
    try {
      server =
          Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
              .executor(Executors.newVirtualThreadPerTaskExecutor())
              .addService(
                  ServerInterceptors.intercept(
                      this, new CallerServerInterceptor(new PlatformCredentials(Platform.SECRET))))
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Replica replica() {
    return Replica.newBuilder().setWorkerId(id).setAddress("localhost:" + server.getPort()).build();
  }

  @Override
  public void predict(PredictRequest request, StreamObserver<PredictResponse> answer) {
    calls.incrementAndGet();
    TextClassificationResponse.Builder task = TextClassificationResponse.newBuilder();
    for (String input : request.getTextClassification().getInputsList()) {
      if (input.equals("poison")) {
        answer.onError(GrpcErrors.toException(SlipwayException.invalid("inputs[0] is poison.")));
        return;
      }
      double good = 1 - 1.0 / (input.length() + 2);
      Classification.Builder labels =
          Classification.newBuilder()
              .addLabels(LabelScore.newBuilder().setLabel("good").setScore(good));
      if (request.getTextClassification().getTopK() != 1) {
        labels.addLabels(LabelScore.newBuilder().setLabel("bad").setScore(1 - good));
      }
      task.addClassifications(labels);
    }
    answer.onNext(
        PredictResponse.newBuilder()
            .setModelVersion(request.getModel())
            .setTextClassification(task)
            .build());
    answer.onCompleted();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
