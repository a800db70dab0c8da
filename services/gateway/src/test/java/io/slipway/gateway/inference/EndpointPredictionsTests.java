package io.slipway.gateway.inference;

import static io.slipway.gateway.testing.Routes.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ClientInterceptors;
import io.grpc.Status;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.gateway.testing.Routes;
import io.slipway.gateway.testing.RunningGateway;
import io.slipway.gateway.testing.RunningGateway.Reply;
import io.slipway.gateway.testing.Worker;
import io.slipway.gateway.testing.WorkerProcess;
import io.slipway.inference.v1.InferenceServiceGrpc;
import io.slipway.inference.v1.PredictRequest;
import io.slipway.inference.v1.TextClassificationRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointPredictionsTests {

  private static final String V1 = "models/acme/mood/versions/1";
  private static final String V2 = "models/acme/mood/versions/2";
  private static final String BODY = "{\"textClassification\":{\"inputs\":[\"hello\"]}}";

  private final RunningGateway gateway = RunningGateway.shared();
  private final Routes routes = new Routes(SharedInfrastructure.kafkaBootstrapServers());
  private final Worker first = new Worker("w1");
  private final Worker second = new Worker("w2");

  @AfterEach
  void close() {
    routes.close();
    first.close();
    second.close();
  }

  @Test
  void answersOverRestAndGrpcFromAWorker() {
    routes.publish(RunningGateway.TENANT, "endpoints/p-both", 1, target(V1, 100, first));
    awaitRoute("endpoints/p-both");
    Reply reply = predict("p-both");
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.json().path("modelVersion").stringValue()).isEqualTo(V1);
    var labels =
        reply.json().path("textClassification").path("classifications").path(0).path("labels");
    assertThat(labels.path(0).path("label").stringValue()).isEqualTo("good");

    var stub =
        InferenceServiceGrpc.newBlockingStub(
            ClientInterceptors.intercept(
                gateway.channel(), RunningGateway.key(RunningGateway.KEY)));
    assertThat(stub.predict(request("endpoints/p-both")).getModelVersion()).isEqualTo(V1);
    assertThatThrownBy(() -> stub.predict(request("endpoints/p-none")))
        .satisfies(
            e -> assertThat(Status.fromThrowable(e).getCode()).isEqualTo(Status.Code.NOT_FOUND));
    assertThatThrownBy(() -> stub.predict(request("../etc")))
        .satisfies(
            e ->
                assertThat(Status.fromThrowable(e).getCode())
                    .isEqualTo(Status.Code.INVALID_ARGUMENT));
  }

  @Test
  void saysThatAnEndpointIsStillLoading() {
    routes.publish(RunningGateway.TENANT, "endpoints/p-loading", 1, target(V1, 100));
    awaitRoute("endpoints/p-loading");
    Reply reply = predict("p-loading");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.json().path("code").stringValue()).isEqualTo("MODEL_LOADING");
    assertThat(reply.header("Retry-After")).isEqualTo("7");
    routes.publish(RunningGateway.TENANT, "endpoints/p-loading", 2, target(V1, 100, first));
    Awaitility.await().until(() -> predict("p-loading").status() == 200);
  }

  @Test
  void knowsNoEndpointOfAnotherTenantNorADeletedOne() {
    routes.publish("acme", "endpoints/p-foreign", 1, target(V1, 100, first));
    routes.publish(RunningGateway.TENANT, "endpoints/p-gone", 1, target(V1, 100, first));
    awaitRoute("endpoints/p-gone");
    assertThat(predict("p-foreign").status()).isEqualTo(404);
    routes.delete("endpoints/p-gone");
    Awaitility.await().until(() -> predict("p-gone").status() == 404);
  }

  @Test
  void saysThatAnEndpointHasNoTraffic() {
    routes.publish(RunningGateway.TENANT, "endpoints/p-empty", 1);
    awaitRoute("endpoints/p-empty");
    Reply reply = predict("p-empty");
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.json().path("detail").stringValue()).contains("endpoints/p-empty");
  }

  @Test
  void splitsTrafficAndSparesWhatIsStillLoading() {
    routes.publish(
        RunningGateway.TENANT, "endpoints/p-split", 1, target(V1, 50, first), target(V2, 50));
    awaitRoute("endpoints/p-split");
    assertThat(answeringVersions(20)).containsOnly(V1);
    routes.publish(
        RunningGateway.TENANT,
        "endpoints/p-split",
        2,
        target(V1, 50, first),
        target(V2, 50, second));
    Awaitility.await().until(() -> answeringVersions(20).contains(V2));
    assertThat(answeringVersions(40)).contains(V1, V2);
  }

  private List<String> answeringVersions(int requests) {
    List<String> versions = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      versions.add(predict("p-split").json().path("modelVersion").stringValue());
    }
    return versions;
  }

  @Test
  void losesNoRequestWhenAReplicaIsKilledInTraffic(@TempDir Path directory) throws Exception {
    try (WorkerProcess killed = new WorkerProcess(directory);
        var executor = Executors.newFixedThreadPool(8)) {
      routes.publish(
          RunningGateway.TENANT,
          "endpoints/p-kill",
          1,
          target(V1, 100, first).toBuilder().addReplicas(killed.replica()).build());
      awaitRoute("endpoints/p-kill");
      CountDownLatch midway = new CountDownLatch(150);
      List<Future<Integer>> statuses = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        statuses.add(
            executor.submit(
                () -> {
                  int status = predict("p-kill").status();
                  midway.countDown();
                  return status;
                }));
      }
      assertThat(midway.await(30, TimeUnit.SECONDS)).isTrue();
      int answeredBySurvivor = first.calls.get();
      killed.kill9();
      for (Future<Integer> status : statuses) {
        assertThat(status.get(60, TimeUnit.SECONDS)).isEqualTo(200);
      }
      // Both had their part before.
      assertThat(answeredBySurvivor).isBetween(1, 149);
      assertThat(first.calls.get()).isGreaterThan(350);
    }
  }

  @Test
  void passesTheWorkersRefusalOn() {
    routes.publish(RunningGateway.TENANT, "endpoints/p-refuse", 1, target(V1, 100, first));
    awaitRoute("endpoints/p-refuse");
    Reply reply =
        gateway.post(
            "/slipway/v1/endpoints/p-refuse:predict",
            "{\"textClassification\":{\"inputs\":[\"poison\"]}}");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().path("detail").stringValue()).isEqualTo("inputs[0] is poison.");
  }

  private void awaitRoute(String endpoint) {
    Awaitility.await()
        .until(
            () -> gateway.bean(RouteTable.class).find(RunningGateway.TENANT, endpoint).isPresent());
  }

  private Reply predict(String endpoint) {
    return gateway.post("/slipway/v1/endpoints/" + endpoint + ":predict", BODY);
  }

  private static PredictRequest request(String endpoint) {
    return PredictRequest.newBuilder()
        .setModel(endpoint)
        .setTextClassification(TextClassificationRequest.newBuilder().addInputs("hello"))
        .build();
  }
}
