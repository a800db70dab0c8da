package io.slipway.finetune.testing;

import com.google.protobuf.Timestamp;
import com.google.rpc.Status;
import io.grpc.stub.StreamObserver;
import io.slipway.common.v1.JobState;
import io.slipway.common.v1.JobStatus;
import io.slipway.imports.v1.CancelImportRequest;
import io.slipway.imports.v1.CreateImportRequest;
import io.slipway.imports.v1.Import;
import io.slipway.imports.v1.ImportServiceGrpc.ImportServiceImplBase;
import io.slipway.imports.v1.WatchImportRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Accepts imports, once for each request id, and ends them as it was told to. */
public final class ImportStandIn extends ImportServiceImplBase {

  private static final Timestamp THEN = Timestamp.newBuilder().setSeconds(1).build();

  private final Map<String, Import> byRequest = new LinkedHashMap<>();
  private final List<String> cancelled = new ArrayList<>();
  private Status refusal = Status.getDefaultInstance();
  private boolean held;

  /** Lets imports run until {@link #letGo}. */
  public synchronized void hold() {
    held = true;
  }

  public synchronized void letGo() {
    held = false;
  }

  /** Lets imports fail. */
  public synchronized void refuse(Status error) {
    refusal = error;
  }

  /** Lets imports succeed at once, as at first. */
  public synchronized void reset() {
    held = false;
    refusal = Status.getDefaultInstance();
  }

  /** A job's imports, each once. */
  public synchronized List<Import> of(String job) {
    return byRequest.values().stream()
        .filter(made -> made.getFineTune().getFineTuneJob().equals(job))
        .toList();
  }

  public synchronized List<String> cancelled() {
    return List.copyOf(cancelled);
  }

  @Override
  public synchronized void createImport(
      CreateImportRequest request, StreamObserver<Import> responses) {
    Import made =
        byRequest.computeIfAbsent(
            request.getRequestId(),
            id ->
                request.getImport().toBuilder()
                    .setName("imports/" + (byRequest.size() + 1))
                    .build());
    Answers.answer(responses, made);
  }

  @Override
  public synchronized void watchImport(
      WatchImportRequest request, StreamObserver<Import> responses) {
    Import watched =
        byRequest.values().stream()
            .filter(i -> i.getName().equals(request.getName()))
            .findFirst()
            .orElseThrow();
    if (held) {
      // Closes the stream early, as a service that restarts would.
      Answers.answer(
          responses,
          watched.toBuilder()
              .setStatus(JobStatus.newBuilder().setState(JobState.JOB_STATE_RUNNING))
              .build());
      return;
    }
    JobStatus.Builder status = JobStatus.newBuilder().setEndTime(THEN);
    Import.Builder ended = watched.toBuilder();
    if (refusal.getCode() == 0) {
      status.setState(JobState.JOB_STATE_SUCCEEDED);
      ended.setModelVersion("models/" + watched.getFineTune().getModelId() + "/versions/1");
    } else {
      status.setState(JobState.JOB_STATE_FAILED).setError(refusal);
    }
    Answers.answer(responses, ended.setStatus(status).build());
  }

  @Override
  public synchronized void cancelImport(
      CancelImportRequest request, StreamObserver<Import> responses) {
    cancelled.add(request.getName());
    Answers.answer(responses, Import.newBuilder().setName(request.getName()).build());
  }
}
