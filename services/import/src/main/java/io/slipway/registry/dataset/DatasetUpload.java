package io.slipway.registry.dataset;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.ArtifactStoreException;
import io.slipway.artifacts.StoredBlob;
import io.slipway.dataset.v1.Dataset;
import io.slipway.dataset.v1.UploadDatasetRequest;
import io.slipway.dataset.v1.UploadDatasetRequest.Header;
import io.slipway.datasets.DatasetFile;
import io.slipway.datasets.DatasetFormat;
import io.slipway.datasets.DatasetSummary;
import io.slipway.kit.errors.DatasetRefusals;
import io.slipway.kit.errors.ErrorAnswers;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.identity.Caller;
import org.jspecify.annotations.Nullable;

/**
 * One upload: the header, then the file in chunks. The next chunk is asked for when the last one is
 * on the disk. gRPC calls its methods one at a time; whatever ends the call, the file is gone
 * afterwards.
 */
final class DatasetUpload implements StreamObserver<UploadDatasetRequest> {

  private final UploadedFile file;
  private final ArtifactStore store;
  private final Datasets datasets;
  private final Caller caller;
  private final ServerCallStreamObserver<Dataset> responses;
  private final ErrorAnswers errors = new ErrorAnswers();
  private @Nullable Header header;
  private boolean ended;

  DatasetUpload(
      UploadedFile file,
      ArtifactStore store,
      Datasets datasets,
      Caller caller,
      ServerCallStreamObserver<Dataset> responses) {
    this.file = file;
    this.store = store;
    this.datasets = datasets;
    this.caller = caller;
    this.responses = responses;
  }

  @Override
  public void onNext(UploadDatasetRequest part) {
    if (ended) {
      return;
    }
    try {
      switch (part.getPartCase()) {
        case HEADER -> begin(part.getHeader());
        case CHUNK -> {
          requireHeader();
          file.append(part.getChunk());
        }
        case PART_NOT_SET ->
            throw SlipwayException.invalid("A message of the upload is neither header nor chunk.");
      }
      responses.request(1);
    } catch (RuntimeException refusal) {
      refuse(refusal);
    }
  }

  private void begin(Header first) {
    if (header != null) {
      throw SlipwayException.invalid("The upload has a second header.");
    }
    var _ = DatasetRefusals.translating(() -> DatasetFormat.fromProto(first.getFormat()));
    header = first;
  }

  private Header requireHeader() {
    if (header == null) {
      throw SlipwayException.invalid("The upload does not begin with a header.");
    }
    return header;
  }

  @Override
  public void onCompleted() {
    if (ended) {
      return;
    }
    try {
      Dataset dataset = keep(requireHeader());
      end();
      responses.onNext(dataset);
      responses.onCompleted();
    } catch (RuntimeException refusal) {
      refuse(refusal);
    }
  }

  private Dataset keep(Header described) {
    file.finish();
    DatasetSummary summary =
        DatasetRefusals.translating(
            () ->
                new DatasetFile(file.path(), DatasetFormat.fromProto(described.getFormat()))
                    .inspect());
    return datasets.register(caller.tenant(), described, summary, adopted());
  }

  private StoredBlob adopted() {
    try {
      return store.adopt(file.path());
    } catch (ArtifactStoreException e) {
      throw SlipwayException.because(
          e.kind() == ArtifactStoreException.Kind.NO_SPACE
              ? ErrorCode.NO_SPACE
              : ErrorCode.INTERNAL,
          e);
    }
  }

  /** The caller has gone away, or broken the stream. */
  @Override
  public void onError(Throwable cause) {
    end();
  }

  private void refuse(RuntimeException cause) {
    end();
    var answer = errors.handleException(cause);
    responses.onError(answer == null ? Status.INTERNAL.asException() : answer);
  }

  private void end() {
    ended = true;
    file.close();
  }
}
