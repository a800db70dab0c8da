package io.slipway.gateway.testing;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.slipway.common.v1.JobState;
import io.slipway.common.v1.JobStatus;
import io.slipway.imports.v1.CancelImportRequest;
import io.slipway.imports.v1.CreateImportRequest;
import io.slipway.imports.v1.GetImportRequest;
import io.slipway.imports.v1.Import;
import io.slipway.imports.v1.ImportProgress;
import io.slipway.imports.v1.ImportServiceGrpc.ImportServiceImplBase;
import io.slipway.imports.v1.WatchImportRequest;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Imports whose id says how they behave: {@code three} streams three messages, {@code forever} one
 * and then nothing, {@code breaks} one and then fails, {@code slow} does not answer, {@code flood}
 * streams as much as is taken, an error code fails with it.
 */
public final class ImportBackend extends ImportServiceImplBase {

  static final Metadata.Key<String> TRACE =
      Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

  public final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();
  public final Map<String, Long> deadlineMillis = new ConcurrentHashMap<>();
  public final Map<String, Integer> sent = new ConcurrentHashMap<>();

  @Override
  public void createImport(CreateImportRequest request, StreamObserver<Import> answer) {
    answer.onNext(
        request.getImport().toBuilder().setName("imports/id-" + request.getRequestId()).build());
    answer.onCompleted();
  }

  @Override
  public void cancelImport(CancelImportRequest request, StreamObserver<Import> answer) {
    answer.onNext(
        Import.newBuilder()
            .setName(request.getName())
            .setStatus(JobStatus.newBuilder().setCancelRequested(true))
            .build());
    answer.onCompleted();
  }

  @Override
  public void getImport(GetImportRequest request, StreamObserver<Import> answer) {
    String id = request.getName().substring("imports/".length());
    var deadline = Context.current().getDeadline();
    if (deadline != null) {
      deadlineMillis.put(id, deadline.timeRemaining(TimeUnit.MILLISECONDS));
    }
    for (ErrorCode code : ErrorCode.values()) {
      if (code.name().equals(id)) {
        answer.onError(
            GrpcErrors.toException(new SlipwayException(code, "It is " + id + " indeed.")));
        return;
      }
    }
    if (id.equals("slow")) {
      whenCancelled(answer, id);
      return;
    }
    if (id.equals("bug")) {
      throw new IllegalStateException("secret internals");
    }
    answer.onNext(Import.newBuilder().setName(request.getName()).build());
    answer.onCompleted();
  }

  @Override
  public void watchImport(WatchImportRequest request, StreamObserver<Import> answer) {
    switch (request.getName()) {
      case "imports/three" -> {
        for (int i = 1; i <= 3; i++) {
          answer.onNext(message(request.getName(), i));
        }
        answer.onCompleted();
      }
      case "imports/forever" -> {
        whenCancelled(answer, "forever");
        answer.onNext(message(request.getName(), 1));
      }
      case "imports/breaks" -> {
        answer.onNext(message(request.getName(), 1));
        answer.onError(
            GrpcErrors.toException(
                new SlipwayException(ErrorCode.HUB_UNREACHABLE, "The hub has gone.")));
      }
      case "imports/flood" -> flood(request.getName(), (ServerCallStreamObserver<Import>) answer);
      default ->
          answer.onError(GrpcErrors.toException(SlipwayException.notFound(request.getName())));
    }
  }

  private void flood(String name, ServerCallStreamObserver<Import> answer) {
    String large = "x".repeat(10_000);
    answer.setOnReadyHandler(
        () -> {
          while (answer.isReady() && !answer.isCancelled()) {
            answer.onNext(Import.newBuilder().setName(name).setModelVersion(large).build());
            sent.merge(name, 1, Integer::sum);
          }
        });
    whenCancelled(answer, "flood");
  }

  private void whenCancelled(StreamObserver<Import> answer, String id) {
    ((ServerCallStreamObserver<Import>) answer).setOnCancelHandler(() -> cancelled.add(id));
  }

  private static Import message(String name, int number) {
    return Import.newBuilder()
        .setName(name)
        .setStatus(JobStatus.newBuilder().setState(JobState.JOB_STATE_RUNNING))
        .setProgress(ImportProgress.newBuilder().setFilesDone(number))
        .build();
  }
}
