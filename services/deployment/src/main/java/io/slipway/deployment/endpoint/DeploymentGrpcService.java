package io.slipway.deployment.endpoint;

import com.google.protobuf.Empty;
import io.grpc.stub.StreamObserver;
import io.slipway.deployment.DeploymentProperties;
import io.slipway.deployment.v1.CreateDeploymentRequest;
import io.slipway.deployment.v1.CreateEndpointRequest;
import io.slipway.deployment.v1.DeleteDeploymentRequest;
import io.slipway.deployment.v1.DeleteEndpointRequest;
import io.slipway.deployment.v1.Deployment;
import io.slipway.deployment.v1.DeploymentServiceGrpc.DeploymentServiceImplBase;
import io.slipway.deployment.v1.Endpoint;
import io.slipway.deployment.v1.GetDeploymentRequest;
import io.slipway.deployment.v1.GetEndpointRequest;
import io.slipway.deployment.v1.ListDeploymentsRequest;
import io.slipway.deployment.v1.ListDeploymentsResponse;
import io.slipway.deployment.v1.ListEndpointsRequest;
import io.slipway.deployment.v1.ListEndpointsResponse;
import io.slipway.deployment.v1.UpdateTrafficRequest;
import io.slipway.deployment.v1.WatchDeploymentRequest;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.paging.PageRequest;
import io.slipway.kit.watch.ResourceWatch;
import io.slipway.kit.watch.Sighting;
import org.springframework.grpc.server.service.GrpcService;

/** Endpoints and deployments, for users. */
@GrpcService
class DeploymentGrpcService extends DeploymentServiceImplBase {

  private final Endpoints endpoints;
  private final Deployments deployments;
  private final DeploymentCommands commands;
  private final ResourceWatch watch;

  DeploymentGrpcService(
      Endpoints endpoints,
      Deployments deployments,
      DeploymentCommands commands,
      DeploymentProperties properties) {
    this.endpoints = endpoints;
    this.deployments = deployments;
    this.commands = commands;
    this.watch = new ResourceWatch(properties.watchInterval());
  }

  @Override
  public void createEndpoint(CreateEndpointRequest request, StreamObserver<Endpoint> response) {
    answer(response, DeploymentMessages.of(commands.createEndpoint(request)));
  }

  @Override
  public void getEndpoint(GetEndpointRequest request, StreamObserver<Endpoint> response) {
    answer(response, DeploymentMessages.of(endpoints.get(tenant(), request.getName())));
  }

  @Override
  public void listEndpoints(
      ListEndpointsRequest request, StreamObserver<ListEndpointsResponse> response) {
    var page =
        endpoints
            .list(tenant(), PageRequest.of(request.getPageSize(), request.getPageToken()))
            .map(DeploymentMessages::of);
    answer(
        response,
        ListEndpointsResponse.newBuilder()
            .addAllEndpoints(page.items())
            .setNextPageToken(page.nextToken())
            .build());
  }

  @Override
  public void deleteEndpoint(DeleteEndpointRequest request, StreamObserver<Empty> response) {
    commands.deleteEndpoint(request.getName());
    answer(response, Empty.getDefaultInstance());
  }

  @Override
  public void updateTraffic(UpdateTrafficRequest request, StreamObserver<Endpoint> response) {
    var shares =
        request.getTrafficList().stream()
            .map(target -> new Traffic.Share(target.getDeployment(), target.getPercent()))
            .toList();
    answer(response, DeploymentMessages.of(commands.updateTraffic(request.getName(), shares)));
  }

  @Override
  public void createDeployment(
      CreateDeploymentRequest request, StreamObserver<Deployment> response) {
    answer(response, DeploymentMessages.of(commands.createDeployment(request)));
  }

  @Override
  public void getDeployment(GetDeploymentRequest request, StreamObserver<Deployment> response) {
    answer(response, DeploymentMessages.of(deployments.get(tenant(), request.getName())));
  }

  @Override
  public void listDeployments(
      ListDeploymentsRequest request, StreamObserver<ListDeploymentsResponse> response) {
    String endpoint = endpoints.get(tenant(), request.getParent()).name();
    var page =
        deployments
            .list(tenant(), endpoint, PageRequest.of(request.getPageSize(), request.getPageToken()))
            .map(DeploymentMessages::of);
    answer(
        response,
        ListDeploymentsResponse.newBuilder()
            .addAllDeployments(page.items())
            .setNextPageToken(page.nextToken())
            .build());
  }

  @Override
  public void deleteDeployment(DeleteDeploymentRequest request, StreamObserver<Empty> response) {
    commands.deleteDeployment(request.getName());
    answer(response, Empty.getDefaultInstance());
  }

  @Override
  public void watchDeployment(
      WatchDeploymentRequest request, StreamObserver<Deployment> responses) {
    String tenant = tenant();
    deployments.get(tenant, request.getName());
    watch.stream(
        () -> deployments.find(tenant, request.getName()).map(DeploymentGrpcService::sighting),
        responses);
  }

  private static Sighting<Deployment> sighting(ModelDeployment deployment) {
    boolean last =
        switch (deployment.state()) {
          case DeploymentState.Ready _, DeploymentState.Failed _ -> true;
          case DeploymentState.Pending _, DeploymentState.Deleting _ -> false;
        };
    return new Sighting<>(deployment.version(), last, () -> DeploymentMessages.of(deployment));
  }

  private static String tenant() {
    return Caller.current().tenant();
  }

  private static <T> void answer(StreamObserver<T> response, T message) {
    response.onNext(message);
    response.onCompleted();
  }
}
