package io.slipway.gateway.testing;

import com.google.protobuf.TextFormat;
import io.grpc.stub.StreamObserver;
import io.slipway.catalog.v1.CatalogServiceGrpc.CatalogServiceImplBase;
import io.slipway.catalog.v1.GetHubModelRequest;
import io.slipway.catalog.v1.HubModel;
import io.slipway.catalog.v1.ListHubModelsRequest;
import io.slipway.catalog.v1.ListHubModelsResponse;
import io.slipway.kit.identity.Caller;

/** Answers with what it was asked, and by whom. */
public final class CatalogBackend extends CatalogServiceImplBase {

  @Override
  public void listHubModels(
      ListHubModelsRequest request, StreamObserver<ListHubModelsResponse> answer) {
    answer.onNext(
        ListHubModelsResponse.newBuilder()
            .addHubModels(
                HubModel.newBuilder()
                    .setDescription(
                        TextFormat.printer().emittingSingleLine(true).printToString(request))
                    .setDownloads(7_000_000_000L))
            .build());
    answer.onCompleted();
  }

  @Override
  public void getHubModel(GetHubModelRequest request, StreamObserver<HubModel> answer) {
    answer.onNext(
        HubModel.newBuilder()
            .setName(request.getName())
            .setLicense(Caller.current().tenant())
            .build());
    answer.onCompleted();
  }
}
