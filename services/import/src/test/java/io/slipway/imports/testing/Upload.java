package io.slipway.imports.testing;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.slipway.dataset.v1.Dataset;
import io.slipway.dataset.v1.DatasetFormat;
import io.slipway.dataset.v1.UploadDatasetRequest;
import io.slipway.dataset.v1.UploadDatasetRequest.Header;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An upload, as a caller makes it piece by piece. */
public final class Upload implements StreamObserver<Dataset> {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final CompletableFuture<Dataset> answer = new CompletableFuture<>();
  private final ClientCallStreamObserver<UploadDatasetRequest> call;

  public Upload(PlatformClient client) {
    this.call = (ClientCallStreamObserver<UploadDatasetRequest>) client.uploads.uploadDataset(this);
  }

  /** Sends a whole file in chunks of so many bytes. */
  public static Upload of(
      PlatformClient client, DatasetFormat format, String requestId, byte[] content, int chunk) {
    Upload upload = new Upload(client);
    upload.header(format, requestId);
    for (int i = 0; i < content.length; i += chunk) {
      upload.chunk(Arrays.copyOfRange(content, i, Math.min(i + chunk, content.length)));
    }
    upload.complete();
    return upload;
  }

  public void header(DatasetFormat format, String requestId) {
    call.onNext(
        UploadDatasetRequest.newBuilder()
            .setHeader(
                Header.newBuilder()
                    .setDisplayName("Tickets")
                    .setFormat(format)
                    .setRequestId(requestId))
            .build());
  }

  public void chunk(byte[] bytes) {
    call.onNext(UploadDatasetRequest.newBuilder().setChunk(ByteString.copyFrom(bytes)).build());
  }

  public void complete() {
    call.onCompleted();
  }

  public void cancel() {
    call.cancel("The caller has changed its mind.", null);
  }

  public boolean hasEnded() {
    return answer.isDone();
  }

  public Dataset dataset() {
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("The upload was refused.", e);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("The upload was not answered.", e);
    }
  }

  public ErrorCode code() {
    return GrpcErrors.fromException(refusal()).code();
  }

  public String message() {
    return Objects.requireNonNull(refusal().getStatus().getDescription());
  }

  private StatusRuntimeException refusal() {
    try {
      throw new AssertionError(
          "Expected a refusal, got " + answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException e) {
      return (StatusRuntimeException) e.getCause();
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("The upload was not answered.", e);
    }
  }

  @Override
  public void onNext(Dataset dataset) {
    answer.complete(dataset);
  }

  @Override
  public void onError(Throwable failure) {
    answer.completeExceptionally(failure);
  }

  @Override
  public void onCompleted() {
    // The answer has come before.
  }
}
