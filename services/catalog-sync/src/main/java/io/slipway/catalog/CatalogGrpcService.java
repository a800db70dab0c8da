package io.slipway.catalog;

import io.grpc.stub.StreamObserver;
import io.slipway.catalog.model.FindHubModels;
import io.slipway.catalog.sync.StartSync;
import io.slipway.catalog.sync.Syncs;
import io.slipway.catalog.v1.CancelSyncRequest;
import io.slipway.catalog.v1.CatalogServiceGrpc.CatalogServiceImplBase;
import io.slipway.catalog.v1.CreateSyncRequest;
import io.slipway.catalog.v1.GetHubModelRequest;
import io.slipway.catalog.v1.GetSyncRequest;
import io.slipway.catalog.v1.HubModel;
import io.slipway.catalog.v1.ListHubModelsRequest;
import io.slipway.catalog.v1.ListHubModelsResponse;
import io.slipway.catalog.v1.ListSyncsRequest;
import io.slipway.catalog.v1.ListSyncsResponse;
import io.slipway.catalog.v1.Sync;
import io.slipway.catalog.v1.WatchSyncRequest;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.jobs.JobWatch;
import io.slipway.kit.jobs.Jobs;
import io.slipway.kit.paging.Page;
import io.slipway.kit.paging.PageRequest;
import org.springframework.grpc.server.service.GrpcService;

/** The API of the catalogue. */
@GrpcService
class CatalogGrpcService extends CatalogServiceImplBase {

  private final FindHubModels models;
  private final StartSync start;
  private final Jobs jobs;
  private final JobWatch watch;

  CatalogGrpcService(FindHubModels models, StartSync start, Jobs jobs, JobWatch watch) {
    this.models = models;
    this.start = start;
    this.jobs = jobs;
    this.watch = watch;
  }

  @Override
  public void listHubModels(
      ListHubModelsRequest request, StreamObserver<ListHubModelsResponse> responses) {
    Page<HubModel> page = models.list(Caller.current().tenant(), request);
    responses.onNext(
        ListHubModelsResponse.newBuilder()
            .addAllHubModels(page.items())
            .setNextPageToken(page.nextToken())
            .build());
    responses.onCompleted();
  }

  @Override
  public void getHubModel(GetHubModelRequest request, StreamObserver<HubModel> responses) {
    responses.onNext(models.get(Caller.current().tenant(), request.getName()));
    responses.onCompleted();
  }

  @Override
  public void createSync(CreateSyncRequest request, StreamObserver<Sync> responses) {
    responses.onNext(Syncs.of(start.start(request)));
    responses.onCompleted();
  }

  @Override
  public void getSync(GetSyncRequest request, StreamObserver<Sync> responses) {
    responses.onNext(
        Syncs.of(jobs.get(Caller.current().tenant(), Syncs.COLLECTION, request.getName())));
    responses.onCompleted();
  }

  @Override
  public void listSyncs(ListSyncsRequest request, StreamObserver<ListSyncsResponse> responses) {
    PageRequest wanted = PageRequest.of(request.getPageSize(), request.getPageToken());
    Page<Sync> page = jobs.list(Caller.current().tenant(), Syncs.COLLECTION, wanted).map(Syncs::of);
    responses.onNext(
        ListSyncsResponse.newBuilder()
            .addAllSyncs(page.items())
            .setNextPageToken(page.nextToken())
            .build());
    responses.onCompleted();
  }

  @Override
  public void cancelSync(CancelSyncRequest request, StreamObserver<Sync> responses) {
    responses.onNext(
        Syncs.of(
            jobs.requestCancel(Caller.current().tenant(), Syncs.COLLECTION, request.getName())));
    responses.onCompleted();
  }

  @Override
  public void watchSync(WatchSyncRequest request, StreamObserver<Sync> responses) {
    watch.stream(Syncs.COLLECTION, request.getName(), Syncs::of, responses);
  }
}
