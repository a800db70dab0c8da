package io.slipway.evaluation.neighbours;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.slipway.inference.v1.Classification;
import io.slipway.inference.v1.InferenceServiceGrpc.InferenceServiceImplBase;
import io.slipway.inference.v1.LabelScore;
import io.slipway.inference.v1.PredictRequest;
import io.slipway.inference.v1.PredictResponse;
import io.slipway.inference.v1.TextClassificationResponse;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A model that takes a text's first word for its label. */
public final class Worker extends InferenceServiceImplBase {

  public final List<Integer> batchSizes = new CopyOnWriteArrayList<>();
  public final AtomicInteger waiting = new AtomicInteger();
  public final AtomicInteger cancelled = new AtomicInteger();

  /** So many of the next calls are refused. */
  public final AtomicInteger refusals = new AtomicInteger();

  private volatile CountDownLatch gate = new CountDownLatch(0);

  /** Calls wait from now on. */
  public void hold() {
    gate = new CountDownLatch(1);
  }

  public void letGo() {
    gate.countDown();
  }

  @Override
  public void predict(PredictRequest request, StreamObserver<PredictResponse> responses) {
    if (refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      responses.onError(
          GrpcErrors.toException(new SlipwayException(ErrorCode.QUEUE_FULL, "The queue is full.")));
      return;
    }
    try {
      waitAtGate();
    } catch (InterruptedException e) {
      responses.onError(Status.CANCELLED.asException());
      return;
    }
    batchSizes.add(request.getTextClassification().getInputsCount());
    responses.onNext(answer(request));
    responses.onCompleted();
  }

  private void waitAtGate() throws InterruptedException {
    Thread call = Thread.currentThread();
    Context.CancellationListener listener =
        context -> {
          cancelled.incrementAndGet();
          call.interrupt();
        };
    waiting.incrementAndGet();
    Context.current().addListener(listener, Runnable::run);
    try {
      gate.await();
    } finally {
      Context.current().removeListener(listener);
      waiting.decrementAndGet();
    }
  }

  private static PredictResponse answer(PredictRequest request) {
    TextClassificationResponse.Builder answers = TextClassificationResponse.newBuilder();
    for (String text : request.getTextClassification().getInputsList()) {
      answers.addClassifications(
          Classification.newBuilder()
              .addLabels(LabelScore.newBuilder().setLabel(text.split(" ")[0]).setScore(0.9)));
    }
    return PredictResponse.newBuilder()
        .setModelVersion(request.getModel())
        .setTextClassification(answers)
        .build();
  }
}
