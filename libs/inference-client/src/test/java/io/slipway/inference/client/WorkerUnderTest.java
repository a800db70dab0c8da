package io.slipway.inference.client;

import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.slipway.deployment.v1.Replica;
import io.slipway.inference.v1.InferenceServiceGrpc.InferenceServiceImplBase;
import io.slipway.inference.v1.PredictRequest;
import io.slipway.inference.v1.PredictResponse;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A gRPC server that answers with its own name, refuses, fails, or hangs. */
final class WorkerUnderTest extends InferenceServiceImplBase implements AutoCloseable {

  /** How a call is met. */
  enum Behaviour {
    ANSWER,
    /** Answers once the gate is open. */
    WAIT,
    DRAINING,
    LOADING,
    NOT_THERE,
    BROKEN,
    REFUSE_INPUT,
    /** Fails as gRPC itself does when a connection breaks in the midst of a message. */
    HALF_AN_ANSWER,
    /** Fails as gRPC itself does when a connection is written to that has just broken. */
    CHANNEL_CLOSED
  }

  final AtomicInteger calls = new AtomicInteger();
  final AtomicInteger running = new AtomicInteger();
  final AtomicInteger mostRunning = new AtomicInteger();
  final CountDownLatch gate = new CountDownLatch(1);
  final CountDownLatch cancelled = new CountDownLatch(1);
  volatile Behaviour behaviour = Behaviour.ANSWER;
  private final String name;
  private final Server server;

  WorkerUnderTest(String name) throws IOException {
    this.name = name;
    this.server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .addService(this)
            .build()
            .start();
  }

  Replica replica() {
    return Replica.newBuilder()
        .setWorkerId(name)
        .setAddress("localhost:" + server.getPort())
        .build();
  }

  @Override
  public void predict(PredictRequest request, StreamObserver<PredictResponse> response) {
    calls.incrementAndGet();
    mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
    try {
      switch (behaviour) {
        case ANSWER -> {}
        case WAIT -> awaitGate();
        case DRAINING -> throw new SlipwayException(ErrorCode.UNAVAILABLE, "draining");
        case LOADING -> throw new SlipwayException(ErrorCode.MODEL_LOADING, "loading");
        case NOT_THERE -> throw SlipwayException.notFound(request.getModel());
        case BROKEN -> throw new SlipwayException(ErrorCode.INTERNAL, "broken");
        case REFUSE_INPUT -> throw SlipwayException.invalid("inputs is empty");
        case HALF_AN_ANSWER ->
            throw Status.INTERNAL
                .withDescription("Encountered end-of-stream mid-frame")
                .asRuntimeException();
        case CHANNEL_CLOSED ->
            throw Status.UNKNOWN.withDescription("channel closed").asRuntimeException();
      }
      // Before the answer: once it is out, the client may choose this worker again.
      running.decrementAndGet();
      response.onNext(PredictResponse.newBuilder().setModelVersion(name).build());
      response.onCompleted();
    } catch (SlipwayException refusal) {
      running.decrementAndGet();
      response.onError(GrpcErrors.toException(refusal));
    } catch (StatusRuntimeException failure) {
      running.decrementAndGet();
      response.onError(failure);
    }
  }

  private void awaitGate() {
    Context.current().addListener(context -> cancelled.countDown(), Runnable::run);
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends as a worker does whose patience for draining is over: calls in flight are cancelled. */
  void shutDownNow() {
    server.shutdownNow();
  }

  @Override
  public void close() {
    gate.countDown();
    server.shutdownNow();
  }
}
