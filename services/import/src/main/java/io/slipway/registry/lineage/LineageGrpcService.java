package io.slipway.registry.lineage;

import io.grpc.stub.StreamObserver;
import io.slipway.events.v1.Event;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.paging.Page;
import io.slipway.kit.paging.PageRequest;
import io.slipway.registry.v1.GetLineageRequest;
import io.slipway.registry.v1.Lineage;
import io.slipway.registry.v1.LineageServiceGrpc.LineageServiceImplBase;
import io.slipway.registry.v1.ListEventsRequest;
import io.slipway.registry.v1.ListEventsResponse;
import org.springframework.grpc.server.service.GrpcService;

@GrpcService
class LineageGrpcService extends LineageServiceImplBase {

  private final LineageLedger ledger;

  LineageGrpcService(LineageLedger ledger) {
    this.ledger = ledger;
  }

  @Override
  public void getLineage(GetLineageRequest request, StreamObserver<Lineage> responses) {
    String subject = request.getSubject();
    if (subject.isEmpty()) {
      throw SlipwayException.invalid(
          "subject is empty; expected a resource name such as models/{namespace}/{model}/versions/{n}.");
    }
    responses.onNext(
        Lineage.newBuilder()
            .setSubject(subject)
            .addAllEvents(ledger.lineage(Caller.current().tenant(), subject))
            .build());
    responses.onCompleted();
  }

  @Override
  public void listEvents(ListEventsRequest request, StreamObserver<ListEventsResponse> responses) {
    Page<Event> page =
        ledger.list(
            Caller.current().tenant(),
            request.getSubject(),
            PageRequest.of(request.getPageSize(), request.getPageToken()));
    responses.onNext(
        ListEventsResponse.newBuilder()
            .addAllEvents(page.items())
            .setNextPageToken(page.nextToken())
            .build());
    responses.onCompleted();
  }
}
