package io.slipway.deployment.endpoint;

import static io.slipway.deployment.testing.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.deployment.testing.PublishedTopics;
import io.slipway.deployment.testing.RegistryServer;
import io.slipway.deployment.testing.RunningDeployment;
import io.slipway.deployment.testing.ScriptedWorker;
import io.slipway.deployment.testing.ScriptedWorker.Loading;
import io.slipway.deployment.v1.CreateDeploymentRequest;
import io.slipway.deployment.v1.CreateEndpointRequest;
import io.slipway.deployment.v1.DeleteDeploymentRequest;
import io.slipway.deployment.v1.DeleteEndpointRequest;
import io.slipway.deployment.v1.Deployment;
import io.slipway.deployment.v1.Deployment.State;
import io.slipway.deployment.v1.Endpoint;
import io.slipway.deployment.v1.GetEndpointRequest;
import io.slipway.deployment.v1.ListDeploymentsRequest;
import io.slipway.deployment.v1.ListEndpointsRequest;
import io.slipway.deployment.v1.RouteTarget;
import io.slipway.deployment.v1.TrafficTarget;
import io.slipway.deployment.v1.UpdateTrafficRequest;
import io.slipway.deployment.v1.WatchDeploymentRequest;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.GrpcErrors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class DeploymentServiceTests {

  private static RegistryServer registry;
  private static RunningDeployment service;
  private static PublishedTopics topics;
  private static String version;
  private final List<ScriptedWorker> workers = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(20));
    registry = new RegistryServer();
    service = RunningDeployment.start(SharedInfrastructure.newDatabase(), registry);
    topics = new PublishedTopics();
    version = registry.add("models/acme/triage/versions/1", 1000);
    registry.add("models/acme/triage/versions/2", 1000);
  }

  @AfterAll
  static void stop() {
    topics.close();
    service.close();
    registry.close();
  }

  @AfterEach
  void endWorkers() {
    for (Endpoint endpoint :
        service
            .deployments()
            .listEndpoints(ListEndpointsRequest.getDefaultInstance())
            .getEndpointsList()) {
      deleteEndpoint(endpoint.getName());
    }
    workers.forEach(ScriptedWorker::close);
  }

  private ScriptedWorker worker(String id) {
    return worker(id, Loading.READY);
  }

  private ScriptedWorker worker(String id, Loading loading) {
    var worker = ScriptedWorker.inference(service.port(), id, 1L << 30, loading);
    workers.add(worker);
    return worker;
  }

  private static void awaitReady(Deployment deployment, int replicas) {
    await()
        .untilAsserted(
            () -> {
              Deployment now = service.get(deployment.getName());
              assertThat(now.getState()).isEqualTo(State.STATE_READY);
              assertThat(now.getReadyReplicas()).isEqualTo(replicas);
            });
  }

  private static void awaitReplicas(String endpoint, String... addresses) {
    await()
        .untilAsserted(
            () -> assertThat(topics.replicas(endpoint)).containsExactlyInAnyOrder(addresses));
  }

  private static void deleteEndpoint(String name) {
    var unused =
        service
            .deployments()
            .deleteEndpoint(DeleteEndpointRequest.newBuilder().setName(name).build());
  }

  @Test
  void makesAnEndpointOnceForARequestId() {
    var request =
        CreateEndpointRequest.newBuilder()
            .setEndpointId("once")
            .setEndpoint(Endpoint.newBuilder().setDisplayName("Once"))
            .setRequestId("request-once")
            .build();
    Endpoint made = service.deployments().createEndpoint(request);
    assertThat(made.getName()).isEqualTo("endpoints/once");
    assertThat(made.getDisplayName()).isEqualTo("Once");
    assertThat(service.deployments().createEndpoint(request)).isEqualTo(made);
    assertRefused(
        () ->
            service.deployments().createEndpoint(request.toBuilder().setRequestId("other").build()),
        ErrorCode.ALREADY_EXISTS);
    assertRefused(
        () ->
            service
                .deployments()
                .createEndpoint(request.toBuilder().setEndpointId("twice").build()),
        ErrorCode.REQUEST_ID_REUSED);
  }

  @Test
  void refusesWhatIsMalformedOrNotThere() {
    for (String id : List.of("", "ab", "Upper", "under_score", "x".repeat(64))) {
      assertRefused(() -> service.endpoint(id), ErrorCode.INVALID_ARGUMENT);
    }
    String endpoint = service.endpoint("refusals");
    assertRefused(
        () -> service.deploy(endpoint, "models/acme/unknown/versions/1", 1), ErrorCode.NOT_FOUND);
    assertRefused(() -> service.deploy("endpoints/nobody", version, 1), ErrorCode.NOT_FOUND);
    assertRefused(() -> service.deploy(endpoint, "", 1), ErrorCode.INVALID_ARGUMENT);
    assertRefused(() -> service.deploy(endpoint, version, 17), ErrorCode.INVALID_ARGUMENT);
    assertRefused(() -> service.get("endpoints/refusals/deployments/none"), ErrorCode.NOT_FOUND);
    assertRefused(
        () ->
            service
                .deployments("other-tenant")
                .getEndpoint(GetEndpointRequest.newBuilder().setName(endpoint).build()),
        ErrorCode.NOT_FOUND);
  }

  @Test
  void placesADeploymentPinsItsVersionAndPublishesItsRoute() {
    String endpoint = service.endpoint("first");
    var request =
        CreateDeploymentRequest.newBuilder()
            .setParent(endpoint)
            .setDeployment(Deployment.newBuilder().setModelVersion("models/acme/triage"))
            .setRequestId("first-deployment")
            .build();
    Deployment deployment = service.deployments().createDeployment(request);
    assertThat(deployment.getModelVersion()).as("the version is kept").isEqualTo(version);
    assertThat(deployment.getReplicas()).isEqualTo(1);
    assertThat(deployment.getState()).isEqualTo(State.STATE_PENDING);
    assertThat(service.deployments().createDeployment(request).getName())
        .isEqualTo(deployment.getName());
    await()
        .untilAsserted(
            () -> {
              Deployment now = service.get(deployment.getName());
              assertThat(now.getState()).isEqualTo(State.STATE_PENDING);
              assertThat(GrpcErrors.codeOf(now.getError())).isEqualTo(ErrorCode.NO_COMPUTE);
            });
    await().untilAsserted(() -> assertThat(topics.route(endpoint).getTargetsCount()).isEqualTo(1));
    assertThat(topics.replicas(endpoint)).as("still loading").isEmpty();

    worker("first-worker");

    awaitReady(deployment, 1);
    awaitReplicas(endpoint, "first-worker:9090");
    RouteTarget target = topics.route(endpoint).getTargets(0);
    assertThat(target.getDeployment()).isEqualTo(deployment.getName());
    assertThat(target.getModelVersion()).isEqualTo(version);
    assertThat(target.getTask()).isEqualTo("text-classification");
    assertThat(target.getPercent()).isEqualTo(100);
    assertThat(topics.route(endpoint).getTenant()).isEqualTo("acme");
    assertThat(topics.versions(endpoint)).isSorted().doesNotHaveDuplicates();
    assertThat(registry.pinsOf(version)).containsExactly(version + " acme " + deployment.getName());
    await()
        .untilAsserted(
            () -> {
              var events = topics.eventsOf(deployment.getName());
              assertThat(events).hasSize(1);
              assertThat(events.getFirst().getDeploymentReady().getEndpoint()).isEqualTo(endpoint);
            });
  }

  @Test
  void watchesADeploymentUntilItIsReady() {
    String endpoint = service.endpoint("watched");
    Deployment deployment = service.deploy(endpoint, version, 1);
    var states =
        service
            .deployments()
            .watchDeployment(
                WatchDeploymentRequest.newBuilder().setName(deployment.getName()).build());
    assertThat(states.next().getState()).isEqualTo(State.STATE_PENDING);
    worker("watched-worker");
    Deployment last = null;
    while (states.hasNext()) {
      last = states.next();
    }
    assertThat(last.getState()).isEqualTo(State.STATE_READY);
  }

  @Test
  void splitsTrafficAllAtOnce() {
    String endpoint = service.endpoint("split");
    worker("split-worker");
    Deployment one = service.deploy(endpoint, version, 1);
    Deployment two = service.deploy(endpoint, "models/acme/triage/versions/2", 1);
    awaitReady(two, 1);
    assertRefused(
        () -> updateTraffic(endpoint, target(one, 50), target(two, 40)),
        ErrorCode.INVALID_ARGUMENT);
    assertRefused(
        () ->
            updateTraffic(
                endpoint,
                TrafficTarget.newBuilder().setDeployment("endpoints/x/deployments/y").build()),
        ErrorCode.INVALID_ARGUMENT);

    Endpoint updated = updateTraffic(endpoint, target(one, 90), target(two, 10));

    assertThat(updated.getTrafficList())
        .containsExactlyInAnyOrder(target(one, 90), target(two, 10));
    await()
        .untilAsserted(
            () ->
                assertThat(topics.route(endpoint).getTargetsList())
                    .extracting(RouteTarget::getPercent)
                    .containsExactlyInAnyOrder(90, 10));
    assertRefused(() -> deleteDeployment(two), ErrorCode.FAILED_PRECONDITION)
        .hasMessageContaining("10 percent");
    updateTraffic(endpoint, target(one, 100));
    deleteDeployment(two);
    await()
        .untilAsserted(
            () ->
                assertThat(
                        service
                            .deployments()
                            .listDeployments(
                                ListDeploymentsRequest.newBuilder().setParent(endpoint).build())
                            .getDeploymentsList())
                    .extracting(Deployment::getName)
                    .containsExactly(one.getName()));
  }

  private static TrafficTarget target(Deployment deployment, int percent) {
    return TrafficTarget.newBuilder()
        .setDeployment(deployment.getName())
        .setPercent(percent)
        .build();
  }

  private static Endpoint updateTraffic(String endpoint, TrafficTarget... targets) {
    return service
        .deployments()
        .updateTraffic(
            UpdateTrafficRequest.newBuilder()
                .setName(endpoint)
                .addAllTraffic(List.of(targets))
                .build());
  }

  private static void deleteDeployment(Deployment deployment) {
    var unused =
        service
            .deployments()
            .deleteDeployment(
                DeleteDeploymentRequest.newBuilder().setName(deployment.getName()).build());
  }

  @Test
  void deletesAnEndpointWithEverythingBehindIt() {
    String endpoint = service.endpoint("deleted");
    ScriptedWorker worker = worker("deleted-worker");
    Deployment deployment = service.deploy(endpoint, version, 1);
    awaitReplicas(endpoint, worker.address());

    deleteEndpoint(endpoint);

    assertRefused(
        () ->
            service
                .deployments()
                .getEndpoint(GetEndpointRequest.newBuilder().setName(endpoint).build()),
        ErrorCode.NOT_FOUND);
    await().until(() -> topics.route(endpoint).getEndpoint().isEmpty());
    await().until(() -> !worker.has(version));
    await().until(() -> registry.pinsOf(version).isEmpty());
    await()
        .untilAsserted(
            () ->
                assertThat(topics.eventsOf(deployment.getName()).getLast().hasDeploymentDeleted())
                    .isTrue());
    long lastVersion = topics.versions(endpoint).getLast();
    await().ignoreExceptions().until(() -> service.endpoint("deleted").equals(endpoint));
    await()
        .untilAsserted(
            () ->
                assertThat(topics.versions(endpoint).getLast())
                    .as("versions go on when a name is used again")
                    .isGreaterThan(lastVersion));
  }

  @Test
  void movesAReplicaWhenItsWorkerDies() {
    String endpoint = service.endpoint("moved");
    ScriptedWorker one = worker("moved-one");
    ScriptedWorker two = worker("moved-two");
    Deployment deployment = service.deploy(endpoint, version, 2);
    awaitReady(deployment, 2);
    awaitReplicas(endpoint, one.address(), two.address());
    ScriptedWorker three = worker("moved-three");

    one.die();

    awaitReplicas(endpoint, two.address(), three.address());
    awaitReady(deployment, 2);
  }

  @Test
  void keepsTheRouteWhenAWorkersStreamBreaksForAMoment() {
    String endpoint = service.endpoint("blink");
    ScriptedWorker worker = worker("blink-worker");
    Deployment deployment = service.deploy(endpoint, version, 1);
    awaitReplicas(endpoint, worker.address());
    int published = topics.versions(endpoint).size();
    int told = worker.directives.size();

    worker.breakOff();
    await().until(() -> worker.refusal.get() != null);
    worker.connect();

    await().until(() -> worker.directives.size() >= told + 2);
    awaitReady(deployment, 1);
    assertThat(topics.versions(endpoint)).hasSize(published);
  }

  @Test
  void dropsAWorkerThatStandsStill() {
    String endpoint = service.endpoint("frozen");
    ScriptedWorker frozen = worker("frozen-one");
    service.deploy(endpoint, version, 1);
    awaitReplicas(endpoint, frozen.address());
    ScriptedWorker other = worker("frozen-two");

    frozen.freeze();

    awaitReplicas(endpoint, other.address());
    await().until(() -> frozen.refusal.get() != null);
    assertThat(GrpcErrors.find(frozen.refusal.get()).code()).isEqualTo(ErrorCode.UNAVAILABLE);
  }

  @Test
  void takesADrainingWorkerFromTheRouteAtOnce() {
    String endpoint = service.endpoint("draining");
    ScriptedWorker leaving = worker("draining-one");
    service.deploy(endpoint, version, 1);
    awaitReplicas(endpoint, leaving.address());
    ScriptedWorker other = worker("draining-two");

    leaving.drain();

    awaitReplicas(endpoint, other.address());
    assertThat(leaving.has(version)).as("it finishes what it has accepted").isTrue();
  }

  @Test
  void failsWithTheWorkersReasonWhenAModelCannotBeLoaded() {
    String broken = registry.add("models/acme/broken/versions/1", 1000);
    String endpoint = service.endpoint("broken");
    worker("broken-worker", Loading.FAILS);
    Deployment deployment = service.deploy(endpoint, broken, 1);
    await().until(() -> service.get(deployment.getName()).getState() == State.STATE_FAILED);
    assertThat(service.get(deployment.getName()).getError().getMessage()).isEqualTo("no weights");
    assertThat(topics.replicas(endpoint)).isEmpty();
    deleteDeployment(deployment);
    await().until(() -> registry.pinsOf(broken).isEmpty());
  }

  @Test
  void quarantinesAModelThatBringsDownThreeWorkers() {
    String poison = registry.add("models/acme/poison/versions/1", 1000);
    String endpoint = service.endpoint("poison");
    Deployment deployment = service.deploy(endpoint, poison, 1);
    for (int i = 0; i < 3; i++) {
      assertThat(service.get(deployment.getName()).getState()).isEqualTo(State.STATE_PENDING);
      ScriptedWorker victim = worker("poison-" + i, Loading.STUCK);
      await().until(() -> victim.has(poison));
      victim.die();
    }
    await().until(() -> service.get(deployment.getName()).getState() == State.STATE_FAILED);
    assertThat(GrpcErrors.codeOf(service.get(deployment.getName()).getError()))
        .isEqualTo(ErrorCode.MODEL_QUARANTINED);
    ScriptedWorker next = worker("poison-next");
    String innocent = service.endpoint("innocent");
    awaitReady(service.deploy(innocent, version, 1), 1);
    assertThat(next.has(poison)).isFalse();
  }

  @Test
  void listsInPages() {
    for (int i = 0; i < 5; i++) {
      service.endpoint("page-" + i);
    }
    List<String> names = new ArrayList<>();
    String token = "";
    do {
      var page =
          service
              .deployments()
              .listEndpoints(
                  ListEndpointsRequest.newBuilder().setPageSize(2).setPageToken(token).build());
      assertThat(page.getEndpointsCount()).isLessThanOrEqualTo(2);
      page.getEndpointsList().forEach(endpoint -> names.add(endpoint.getName()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(names)
        .containsExactly(
            "endpoints/page-0",
            "endpoints/page-1",
            "endpoints/page-2",
            "endpoints/page-3",
            "endpoints/page-4");
  }
}
