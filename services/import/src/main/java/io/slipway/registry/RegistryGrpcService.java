package io.slipway.registry;

import com.google.protobuf.Empty;
import io.grpc.stub.StreamObserver;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.paging.Page;
import io.slipway.kit.paging.PageRequest;
import io.slipway.registry.v1.DeleteModelRequest;
import io.slipway.registry.v1.GetModelRequest;
import io.slipway.registry.v1.GetModelVersionRequest;
import io.slipway.registry.v1.ListModelVersionsRequest;
import io.slipway.registry.v1.ListModelVersionsResponse;
import io.slipway.registry.v1.ListModelsRequest;
import io.slipway.registry.v1.ListModelsResponse;
import io.slipway.registry.v1.Model;
import io.slipway.registry.v1.ModelVersion;
import io.slipway.registry.v1.PinVersionRequest;
import io.slipway.registry.v1.RegistryServiceGrpc.RegistryServiceImplBase;
import io.slipway.registry.v1.UnpinVersionRequest;
import org.springframework.grpc.server.service.GrpcService;

@GrpcService
class RegistryGrpcService extends RegistryServiceImplBase {

  private final ModelRegistry registry;
  private final ModelRows models;
  private final VersionRows versions;
  private final VersionPins pins;

  RegistryGrpcService(
      ModelRegistry registry, ModelRows models, VersionRows versions, VersionPins pins) {
    this.registry = registry;
    this.models = models;
    this.versions = versions;
    this.pins = pins;
  }

  @Override
  public void getModel(GetModelRequest request, StreamObserver<Model> responses) {
    answer(responses, models.get(tenant(), ModelId.ofName(request.getName())));
  }

  @Override
  public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> responses) {
    Page<Model> page =
        models.list(tenant(), PageRequest.of(request.getPageSize(), request.getPageToken()));
    answer(
        responses,
        ListModelsResponse.newBuilder()
            .addAllModels(page.items())
            .setNextPageToken(page.nextToken())
            .build());
  }

  @Override
  public void deleteModel(DeleteModelRequest request, StreamObserver<Empty> responses) {
    registry.delete(tenant(), ModelId.ofName(request.getName()));
    answer(responses, Empty.getDefaultInstance());
  }

  @Override
  public void getModelVersion(
      GetModelVersionRequest request, StreamObserver<ModelVersion> responses) {
    String name = request.getName();
    answer(
        responses,
        VersionName.matches(name)
            ? versions.get(tenant(), VersionName.parse(name))
            : versions.latest(tenant(), ModelId.ofName(name)));
  }

  @Override
  public void listModelVersions(
      ListModelVersionsRequest request, StreamObserver<ListModelVersionsResponse> responses) {
    Page<ModelVersion> page =
        versions.list(
            tenant(),
            ModelId.ofName(request.getParent()),
            PageRequest.of(request.getPageSize(), request.getPageToken()));
    answer(
        responses,
        ListModelVersionsResponse.newBuilder()
            .addAllModelVersions(page.items())
            .setNextPageToken(page.nextToken())
            .build());
  }

  @Override
  public void pinVersion(PinVersionRequest request, StreamObserver<Empty> responses) {
    pins.pin(tenant(), VersionName.parse(request.getName()), request.getHolder());
    answer(responses, Empty.getDefaultInstance());
  }

  @Override
  public void unpinVersion(UnpinVersionRequest request, StreamObserver<Empty> responses) {
    pins.unpin(tenant(), VersionName.parse(request.getName()), request.getHolder());
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
