package io.slipway.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ClientInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.gateway.testing.RunningGateway;
import io.slipway.gateway.testing.RunningGateway.Reply;
import io.slipway.identity.v1.ApiKeyServiceGrpc;
import io.slipway.identity.v1.ApiKeyServiceGrpc.ApiKeyServiceBlockingStub;
import io.slipway.identity.v1.CreateApiKeyRequest;
import io.slipway.identity.v1.DeleteApiKeyRequest;
import io.slipway.identity.v1.ListApiKeysRequest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class ApiKeyTests {

  private final RunningGateway gateway = RunningGateway.shared();

  @Test
  void secretsHave256BitsAndAreAlikeInFormOnly() {
    Set<String> secrets = new HashSet<>();
    SecureRandom random = new SecureRandom();
    for (int i = 0; i < 1000; i++) {
      ApiKeySecret secret = ApiKeySecret.random(random);
      assertThat(secret.text()).matches("sk-slipway-[0-9A-Za-z]{43}");
      assertThat(secret.toString()).doesNotContain(secret.text());
      secrets.add(secret.text());
    }
    assertThat(secrets).hasSize(1000);
  }

  @Test
  void aKeyIsShownOnceWorksAndStopsWorkingWhenRevoked() {
    Reply created = gateway.post("/slipway/v1/apiKeys", "{\"displayName\":\"mine\"}");
    assertThat(created.status()).isEqualTo(200);
    String secret = created.json().path("secret").stringValue();
    String name = created.json().path("apiKey").path("name").stringValue();
    assertThat(as("Bearer " + secret).status()).isEqualTo(200);

    Reply list = gateway.get("/slipway/v1/apiKeys");
    assertThat(list.body()).contains(name, "mine").doesNotContain(secret);
    assertThat(stored(name)).isEqualTo(KeyHash.of(secret).hex());

    assertThat(gateway.send(gateway.request("/slipway/v1/" + name).DELETE()).status())
        .isEqualTo(200);
    assertThat(as("Bearer " + secret).status()).isEqualTo(401);
    assertThat(gateway.get("/slipway/v1/apiKeys").body()).doesNotContain(name);
    assertThat(gateway.send(gateway.request("/slipway/v1/" + name).DELETE()).status())
        .isEqualTo(404);
  }

  private String stored(String name) {
    return gateway
        .bean(JdbcClient.class)
        .sql("select hash from gateway.api_key where id = ?")
        .param(name.substring("apiKeys/".length()))
        .query(String.class)
        .single();
  }

  @Test
  void nobodyGetsInWithoutAKeyOrWithAWrongOne() {
    Reply none = gateway.send(gateway.anonymous("/slipway/v1/hubModels"));
    assertThat(none.status()).isEqualTo(401);
    assertThat(none.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"slipway\"");
    assertThat(none.json().path("code").stringValue()).isEqualTo("UNAUTHENTICATED");
    for (String wrong : new String[] {"Bearer nonsense", "Bearer ", "Basic eDp5", "Bearer"}) {
      Reply refused = as(wrong);
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.header("WWW-Authenticate")).contains("invalid_token");
      assertThat(refused.body()).doesNotContain("nonsense");
    }
    for (String path : new String[] {"/", "/actuator", "/actuator/prometheus", "/error", "/x"}) {
      assertThat(gateway.send(gateway.anonymous(path)).status()).as(path).isEqualTo(401);
    }
    assertThat(gateway.get("/actuator/prometheus").status()).isEqualTo(200);
  }

  @Test
  void healthIsOpen() {
    assertThat(gateway.send(gateway.anonymous("/actuator/health")).status()).isEqualTo(200);
    assertThat(gateway.send(gateway.anonymous("/actuator/health/liveness")).status())
        .isEqualTo(200);
  }

  @Test
  void theSameHoldsOverGrpc() {
    ApiKeyServiceBlockingStub anonymous = ApiKeyServiceGrpc.newBlockingStub(gateway.channel());
    refuses(anonymous);
    refuses(as(anonymous, "nonsense"));
    ApiKeyServiceBlockingStub known = as(anonymous, RunningGateway.KEY);
    var created = known.createApiKey(CreateApiKeyRequest.getDefaultInstance());
    ApiKeyServiceBlockingStub own = as(anonymous, created.getSecret());
    assertThat(own.listApiKeys(ListApiKeysRequest.getDefaultInstance()).getApiKeysList())
        .contains(created.getApiKey());
    var revocation = DeleteApiKeyRequest.newBuilder().setName(created.getApiKey().getName());
    known.deleteApiKey(revocation.build());
    refuses(own);
    assertThatThrownBy(() -> known.deleteApiKey(revocation.setName("apiKeys/../x").build()))
        .satisfies(
            e ->
                assertThat(Status.fromThrowable(e).getCode())
                    .isEqualTo(Status.Code.INVALID_ARGUMENT));
  }

  private static ApiKeyServiceBlockingStub as(ApiKeyServiceBlockingStub stub, String secret) {
    return ApiKeyServiceGrpc.newBlockingStub(
        ClientInterceptors.intercept(stub.getChannel(), RunningGateway.key(secret)));
  }

  private static void refuses(ApiKeyServiceBlockingStub stub) {
    assertThatThrownBy(() -> stub.listApiKeys(ListApiKeysRequest.getDefaultInstance()))
        .isInstanceOf(StatusRuntimeException.class)
        .satisfies(
            e ->
                assertThat(Status.fromThrowable(e).getCode())
                    .isEqualTo(Status.Code.UNAUTHENTICATED));
  }

  @Test
  void aTenantNeitherSeesNorRevokesAnothersKeys() {
    ApiKeys keys = gateway.bean(ApiKeys.class);
    StoredKey foreign =
        new StoredKey(
            "foreign1",
            "acme",
            "",
            KeyHash.of("acmes-own-secret-key"),
            java.time.Instant.now(),
            false);
    keys.add(foreign);
    assertThat(gateway.get("/slipway/v1/apiKeys").body()).doesNotContain("foreign1");
    assertThat(gateway.send(gateway.request("/slipway/v1/apiKeys/foreign1").DELETE()).status())
        .isEqualTo(404);
    assertThat(as("Bearer acmes-own-secret-key").status()).isEqualTo(200);
  }

  @Test
  void anotherGatewayLearnsOfKeysAndRevocationsThroughTheTopic() {
    // Its own database: the topic is all that the two have in common.
    try (RunningGateway other =
        RunningGateway.start(
            SharedInfrastructure.newDatabase(), SharedInfrastructure.kafkaBootstrapServers())) {
      Reply created = gateway.post("/slipway/v1/apiKeys", "{}");
      String secret = created.json().path("secret").stringValue();
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> as(other, "Bearer " + secret).status() == 200);
      String name = created.json().path("apiKey").path("name").stringValue();
      gateway.send(gateway.request("/slipway/v1/" + name).DELETE());
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> as(other, "Bearer " + secret).status() == 401);
    }
  }

  private Reply as(String authorization) {
    return as(gateway, authorization);
  }

  private static Reply as(RunningGateway where, String authorization) {
    return where.send(
        where.anonymous("/slipway/v1/hubModels").header("Authorization", authorization));
  }
}
