package io.slipway.gateway.huggingface;

import static io.slipway.gateway.testing.Routes.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.gateway.inference.RouteTable;
import io.slipway.gateway.testing.Routes;
import io.slipway.gateway.testing.RunningGateway;
import io.slipway.gateway.testing.RunningGateway.Reply;
import io.slipway.gateway.testing.Worker;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextClassificationTests {

  private static final RunningGateway GATEWAY = RunningGateway.shared();
  private static final Worker WORKER = new Worker("hf");

  @BeforeAll
  static void publishRoutes() {
    try (Routes routes = new Routes(SharedInfrastructure.kafkaBootstrapServers())) {
      String version = "models/hf-org/mood/versions/3";
      routes.publish("default", "endpoints/hf-a", 1, target(version, 100));
      routes.publish("default", "endpoints/hf-mood", 1, target(version, 100, WORKER));
      routes.publish(
          "default", "endpoints/hf-loading", 1, target("models/hf-org/new/versions/1", 100));
    }
    Awaitility.await()
        .until(
            () ->
                GATEWAY.bean(RouteTable.class).find("default", "endpoints/hf-loading").isPresent());
  }

  @AfterAll
  static void close() {
    WORKER.close();
  }

  @Test
  void answersAListOfLabelsForEachInput() {
    Reply one = post("hf-mood", "{\"inputs\":\"good day\"}");
    assertThat(one.status()).as(one.body()).isEqualTo(200);
    assertThat(one.json().size()).isEqualTo(1);
    assertThat(one.json().path(0).size()).isEqualTo(2);
    assertThat(one.json().path(0).path(0).path("label").stringValue()).isEqualTo("good");
    assertThat(one.json().path(0).path(0).path("score").doubleValue()).isEqualTo(0.9);

    Reply two = post("hf-mood", "{\"inputs\":[\"a\",\"b\"],\"parameters\":{\"top_k\":1}}");
    assertThat(two.json().size()).isEqualTo(2);
    assertThat(two.json().path(1).size()).isEqualTo(1);
  }

  @Test
  void findsTheEndpointByTheModelsIdPreferringOneThatCanAnswer() {
    String body =
        "{\"inputs\":\"x\",\"parameters\":{\"function_to_apply\":\"sigmoid\",\"top_k\":null},"
            + "\"options\":{\"use_cache\":false}}";
    assertThat(post("hf-org/mood", body).status()).isEqualTo(200);
  }

  @Test
  void saysThatAModelIsLoading() {
    for (String id : new String[] {"hf-loading", "hf-org/new"}) {
      Reply reply = post(id, "{\"inputs\":\"x\"}");
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.json().path("error").isString()).isTrue();
      assertThat(reply.json().path("estimated_time").doubleValue()).isEqualTo(7.0);
      assertThat(reply.header("Retry-After")).isEqualTo("7");
    }
  }

  @Test
  void doesNotKnowOtherModels() {
    for (String id : new String[] {"hf-org/unknown", "unknown"}) {
      Reply reply = post(id, "{\"inputs\":\"x\"}");
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.json().path("error").stringValue()).contains(id);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"inputs\":                                          |400|not JSON",
        "[1]                                                   |400|inputs",
        "{}                                                    |422|inputs",
        "{\"inputs\":7}                                        |422|7",
        "{\"inputs\":[]}                                       |422|[]",
        "{\"inputs\":[\"a\",{}]}                               |422|list of strings",
        "{\"inputs\":\"a\",\"parameters\":{\"top_k\":0}}       |422|top_k",
        "{\"inputs\":\"a\",\"parameters\":{\"top_k\":\"x\"}}   |422|top_k",
        "{\"inputs\":\"a\",\"parameters\":{\"topk\":1}}        |422|topk",
        "{\"inputs\":\"a\",\"parameters\":[]}                  |422|parameters",
        "{\"inputs\":\"a\",\"parameters\":{\"function_to_apply\":\"relu\"}}|422|relu",
        "{\"inputs\":\"poison\"}                               |400|poison",
      })
  void refusesBadInput(String body, int status, String mention) {
    Reply reply = post("hf-mood", body.strip());
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    assertThat(reply.json().path("error").stringValue()).contains(mention.strip());
  }

  @Test
  void needsAKeyAndPost() {
    Reply anonymous = GATEWAY.send(GATEWAY.anonymous("/models/hf-mood"));
    assertThat(anonymous.status()).isEqualTo(401);
    assertThat(anonymous.json().path("error").isString()).isTrue();
    Reply get = GATEWAY.get("/models/hf-mood");
    assertThat(get.status()).isEqualTo(405);
    assertThat(get.json().path("error").isString()).isTrue();
  }

  private static Reply post(String id, String body) {
    return GATEWAY.post("/models/" + id, body);
  }
}
