package io.slipway.gateway.transcoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.gateway.testing.RunningGateway;
import io.slipway.gateway.testing.RunningGateway.Reply;
import io.slipway.kit.errors.ErrorCode;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TranscodingTests {

  private final RunningGateway gateway = RunningGateway.shared();

  @Test
  void passesQueryParametersToTheServiceAndDefaultsBack() {
    Reply reply = gateway.get("/slipway/v1/hubModels?query=bert&page_size=3&importableOnly=true");
    assertThat(reply.status()).isEqualTo(200);
    var model = reply.json().path("hubModels").path(0);
    assertThat(model.path("description").stringValue())
        .contains("query: \"bert\"", "page_size: 3", "importable_only: true");
    assertThat(model.path("downloads").stringValue()).isEqualTo("7000000000");
    assertThat(model.path("tags").isArray()).isTrue();
    assertThat(reply.json().path("nextPageToken").stringValue()).isEmpty();
  }

  @Test
  void callsTheServiceAsTheKeysTenant() {
    Reply reply = gateway.get("/slipway/v1/hubModels/google/bert-base");
    assertThat(reply.json().path("name").stringValue()).isEqualTo("hubModels/google/bert-base");
    assertThat(reply.json().path("license").stringValue()).isEqualTo("default");
  }

  @Test
  void fillsAFieldFromTheBodyAndTheRequestIdFromTheHeader() {
    Reply reply =
        gateway.send(
            gateway
                .request("/slipway/v1/imports")
                .header("Idempotency-Key", "k-1")
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(BodyPublishers.ofString("{\"hub\":{\"modelId\":\"google/bert\"}}")));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().path("name").stringValue()).isEqualTo("imports/id-k-1");
    assertThat(reply.json().path("hub").path("modelId").stringValue()).isEqualTo("google/bert");
  }

  @Test
  void takesTheClientsRequestIdWhenThereIsNoIdempotencyKeyButNotItsOwn() {
    Reply given =
        gateway.send(
            gateway
                .request("/slipway/v1/imports")
                .header("X-Request-Id", "r-1")
                .POST(BodyPublishers.ofString("{}")));
    // The JDK's client sends no content type by itself; JSON is what a body is then.
    assertThat(given.json().path("name").stringValue()).isEqualTo("imports/id-r-1");
    assertThat(given.header("X-Request-Id")).isEqualTo("r-1");
    Reply none = gateway.post("/slipway/v1/imports", "{}");
    assertThat(none.json().path("name").stringValue()).isEqualTo("imports/id-");
    assertThat(none.header("X-Request-Id")).isNotEmpty();
  }

  @Test
  void servesCustomVerbsWithOrWithoutABody() {
    assertThat(
            gateway
                .post("/slipway/v1/imports/abc:cancel", "")
                .json()
                .path("status")
                .path("cancelRequested")
                .booleanValue())
        .isTrue();
    assertThat(gateway.post("/slipway/v1/imports/abc:cancel", "{}").status()).isEqualTo(200);
  }

  @Test
  void answersEveryErrorWithAProblem() {
    Map<ErrorCode, Integer> statuses = new EnumMap<>(ErrorCode.class);
    for (ErrorCode code : ErrorCode.values()) {
      Reply reply = gateway.get("/slipway/v1/imports/" + code.name());
      statuses.put(code, reply.status());
      assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
      var problem = reply.json();
      assertThat(problem.path("code").stringValue()).isEqualTo(code.name());
      assertThat(problem.path("status").intValue()).isEqualTo(reply.status());
      assertThat(problem.path("detail").stringValue()).isEqualTo("It is " + code + " indeed.");
      assertThat(problem.path("type").stringValue()).startsWith("urn:slipway:error:");
      assertThat(problem.path("title").stringValue()).isNotEmpty();
      assertThat(problem.path("requestId").stringValue()).isEqualTo(reply.header("X-Request-Id"));
      assertThat(problem.path("traceId").stringValue()).hasSize(32);
      boolean mayPass = reply.status() == 429 || reply.status() == 503;
      assertThat(reply.header("Retry-After").isEmpty()).isEqualTo(!mayPass);
    }
    assertThat(statuses)
        .containsEntry(ErrorCode.INVALID_ARGUMENT, 400)
        .containsEntry(ErrorCode.MALFORMED_DATASET, 400)
        .containsEntry(ErrorCode.UNAUTHENTICATED, 401)
        .containsEntry(ErrorCode.PERMISSION_DENIED, 403)
        .containsEntry(ErrorCode.REPOSITORY_GATED, 403)
        .containsEntry(ErrorCode.NOT_FOUND, 404)
        .containsEntry(ErrorCode.ALREADY_EXISTS, 409)
        .containsEntry(ErrorCode.FAILED_PRECONDITION, 409)
        .containsEntry(ErrorCode.VERSION_PINNED, 409)
        .containsEntry(ErrorCode.STALE_ATTEMPT, 409)
        .containsEntry(ErrorCode.TOO_LARGE, 413)
        .containsEntry(ErrorCode.QUEUE_FULL, 429)
        .containsEntry(ErrorCode.CANCELLED, 499)
        .containsEntry(ErrorCode.INTERNAL, 500)
        .containsEntry(ErrorCode.CHECKSUM_MISMATCH, 500)
        .containsEntry(ErrorCode.HUB_UNREACHABLE, 503)
        .containsEntry(ErrorCode.DEADLINE_EXCEEDED, 504)
        .containsEntry(ErrorCode.NO_SPACE, 507);
  }

  @Test
  void keepsTheInternalsOfABugToTheLog() {
    Reply reply = gateway.get("/slipway/v1/imports/bug");
    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.body()).doesNotContain("secret internals");
  }

  @Test
  void givesUpOnAServiceThatDoesNotAnswerInTime() {
    Reply reply = gateway.get("/slipway/v1/imports/slow");
    assertThat(reply.status()).isEqualTo(504);
    assertThat(reply.json().path("detail").stringValue()).contains("The import service");
  }

  @Test
  void saysWhichServiceCannotBeReached() {
    Reply reply = gateway.get("/slipway/v1/evaluations");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.json().path("detail").stringValue())
        .isEqualTo("The evaluation service cannot be reached at the moment.");
  }

  @Test
  void continuesTheClientsTrace() {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    Reply reply =
        gateway.send(
            gateway
                .request("/slipway/v1/imports/NOT_FOUND")
                .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01"));
    assertThat(reply.json().path("traceId").stringValue()).isEqualTo(trace);
  }

  @Test
  void refusesWhatItDoesNotUnderstandAndNamesIt() {
    refuses(gateway.post("/slipway/v1/imports", "{\"hubb\":{}}"), 400, "hubb");
    refuses(gateway.post("/slipway/v1/imports", "{\"hub\":{\"modelId\":7}}"), 200, "");
    refuses(gateway.post("/slipway/v1/imports", "{\"hub\":[1]}"), 400, "Import");
    refuses(gateway.post("/slipway/v1/imports", "{\"hub\":"), 400, "Import");
    refuses(gateway.post("/slipway/v1/imports", "[]"), 400, "Import");
    refuses(gateway.post("/slipway/v1/imports?pageSize=1", "{}"), 400, "pageSize");
    refuses(gateway.get("/slipway/v1/imports?pageSize=x"), 400, "pageSize");
    refuses(gateway.get("/slipway/v1/imports?foo=x"), 400, "foo");
    refuses(gateway.get("/slipway/v1/nothing"), 404, "/slipway/v1/nothing");
    refuses(gateway.get("/nothing/at/all"), 404, "/nothing/at/all");
  }

  @Test
  void refusesAMethodThatAPathDoesNotTake() {
    Reply reply = gateway.send(gateway.request("/slipway/v1/imports").DELETE());
    refuses(reply, 405, "DELETE");
    assertThat(reply.header("Allow")).isEqualTo("GET, POST");
  }

  @Test
  void refusesAnotherMediaType() {
    Reply reply =
        gateway.send(
            gateway
                .request("/slipway/v1/imports")
                .header("Content-Type", "text/xml")
                .POST(BodyPublishers.ofString("<import/>")));
    refuses(reply, 415, "text/xml");
  }

  @Test
  void refusesABodyThatIsNotUtf8() {
    Reply reply =
        gateway.send(
            gateway
                .request("/slipway/v1/imports")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(new byte[] {'{', (byte) 0xff, '}'})));
    refuses(reply, 400, "UTF-8");
  }

  @Test
  void refusesAHugeBody() {
    refuses(gateway.post("/slipway/v1/imports", "[" + "1,".repeat(600_000)), 413, "1048576");
  }

  private static void refuses(Reply reply, int status, String mention) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    if (status >= 400) {
      assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(reply.json().path("detail").stringValue()).contains(mention);
    }
  }
}
