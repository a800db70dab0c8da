package io.slipway.registry.dataset;

import com.google.protobuf.Empty;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.slipway.dataset.v1.Dataset;
import io.slipway.dataset.v1.DatasetServiceGrpc.DatasetServiceImplBase;
import io.slipway.dataset.v1.DeleteDatasetRequest;
import io.slipway.dataset.v1.GetDatasetRequest;
import io.slipway.dataset.v1.ListDatasetsRequest;
import io.slipway.dataset.v1.ListDatasetsResponse;
import io.slipway.dataset.v1.UploadDatasetRequest;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.paging.Page;
import io.slipway.kit.paging.PageRequest;
import org.springframework.grpc.server.service.GrpcService;

@GrpcService
class DatasetGrpcService extends DatasetServiceImplBase {

  private final DatasetUploads uploads;
  private final Datasets datasets;

  DatasetGrpcService(DatasetUploads uploads, Datasets datasets) {
    this.uploads = uploads;
    this.datasets = datasets;
  }

  @Override
  public StreamObserver<UploadDatasetRequest> uploadDataset(StreamObserver<Dataset> responses) {
    var call = (ServerCallStreamObserver<Dataset>) responses;
    call.disableAutoRequest();
    DatasetUpload upload = uploads.begin(Caller.current(), call);
    call.request(1);
    return upload;
  }

  @Override
  public void getDataset(GetDatasetRequest request, StreamObserver<Dataset> responses) {
    answer(responses, datasets.get(tenant(), request.getName()));
  }

  @Override
  public void listDatasets(
      ListDatasetsRequest request, StreamObserver<ListDatasetsResponse> responses) {
    Page<Dataset> page =
        datasets.list(tenant(), PageRequest.of(request.getPageSize(), request.getPageToken()));
    answer(
        responses,
        ListDatasetsResponse.newBuilder()
            .addAllDatasets(page.items())
            .setNextPageToken(page.nextToken())
            .build());
  }

  @Override
  public void deleteDataset(DeleteDatasetRequest request, StreamObserver<Empty> responses) {
    datasets.delete(tenant(), request.getName());
    answer(responses, Empty.getDefaultInstance());
  }

  private static String tenant() {
    return Caller.current().tenant();
  }

  private static <T> void answer(StreamObserver<T> responses, T response) {
    responses.onNext(response);
    responses.onCompleted();
  }
}
