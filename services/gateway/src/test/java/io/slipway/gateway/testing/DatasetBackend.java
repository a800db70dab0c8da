package io.slipway.gateway.testing;

import io.grpc.stub.StreamObserver;
import io.slipway.dataset.v1.Dataset;
import io.slipway.dataset.v1.DatasetServiceGrpc.DatasetServiceImplBase;
import io.slipway.dataset.v1.UploadDatasetRequest;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.errors.SlipwayException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Takes uploads: refuses those whose display name is "bad" at their first chunk. */
public final class DatasetBackend extends DatasetServiceImplBase {

  /** How uploads have ended: "stored 123", "broken off". */
  public final BlockingQueue<String> ends = new LinkedBlockingQueue<>();

  public volatile int largestChunk;

  @Override
  public StreamObserver<UploadDatasetRequest> uploadDataset(StreamObserver<Dataset> answer) {
    return new StreamObserver<>() {
      private final Dataset.Builder dataset = Dataset.newBuilder().setName("datasets/d1");
      private final StringBuilder start = new StringBuilder();
      private boolean refused;

      @Override
      public void onNext(UploadDatasetRequest part) {
        if (part.hasHeader()) {
          dataset
              .setDisplayName(part.getHeader().getDisplayName())
              .setFormat(part.getHeader().getFormat())
              .setSha256(part.getHeader().getRequestId());
        } else if (dataset.getDisplayName().equals("bad") && !refused) {
          refused = true;
          answer.onError(
              GrpcErrors.toException(
                  new SlipwayException(ErrorCode.MALFORMED_DATASET, "Line 1 is malformed.")));
        } else {
          int size = part.getChunk().size();
          largestChunk = Math.max(largestChunk, size);
          dataset.setSizeBytes(dataset.getSizeBytes() + size);
          if (start.length() < 100) {
            start.append(part.getChunk().toString(StandardCharsets.UTF_8), 0, Math.min(size, 100));
          }
        }
      }

      @Override
      public void onError(Throwable brokenOff) {
        ends.add("broken off");
      }

      @Override
      public void onCompleted() {
        if (!refused) {
          ends.add("stored " + dataset.getSizeBytes());
          answer.onNext(dataset.addColumns(start.toString()).build());
          answer.onCompleted();
        }
      }
    };
  }
}
