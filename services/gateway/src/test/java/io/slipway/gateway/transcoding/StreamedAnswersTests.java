package io.slipway.gateway.transcoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.gateway.testing.RunningGateway;
import io.slipway.gateway.testing.RunningGateway.Reply;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StreamedAnswersTests {

  private final RunningGateway gateway = RunningGateway.shared();

  @Test
  void sendsAnEventForEachMessageAndThenEnds() {
    Reply reply = gateway.get("/slipway/v1/imports/three:watch");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).startsWith("text/event-stream");
    List<String> events = List.of(reply.body().split("\n\n"));
    assertThat(events).hasSize(3).allMatch(event -> event.startsWith("data: {"));
    assertThat(events.getLast()).contains("\"filesDone\":3", "\"JOB_STATE_RUNNING\"");
  }

  @Test
  void sendsLinesOfJsonToWhoAcceptsThem() {
    Reply reply =
        gateway.send(
            gateway
                .request("/slipway/v1/imports/three:watch")
                .header("Accept", "application/x-ndjson"));
    assertThat(reply.header("Content-Type")).startsWith("application/x-ndjson");
    assertThat(reply.body().lines()).hasSize(3).allMatch(line -> line.startsWith("{\"name\""));
  }

  @Test
  void answersAnErrorBeforeTheFirstMessageWithItsStatus() {
    Reply reply = gateway.get("/slipway/v1/imports/nobody:watch");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.json().path("code").stringValue()).isEqualTo("NOT_FOUND");
  }

  @Test
  void endsWithAnErrorEventWhenItFailsLater() {
    Reply events = gateway.get("/slipway/v1/imports/breaks:watch");
    assertThat(events.status()).isEqualTo(200);
    assertThat(events.body())
        .contains("event: error\ndata: {")
        .contains("\"code\":\"HUB_UNREACHABLE\"", "\"requestId\":\"");
    Reply lines =
        gateway.send(
            gateway
                .request("/slipway/v1/imports/breaks:watch")
                .header("Accept", "application/x-ndjson"));
    assertThat(lines.body().lines().toList().getLast()).startsWith("{\"error\":{");
  }

  @Test
  void showsSignsOfLifeAndCancelsTheCallWhenTheClientGoes() throws Exception {
    gateway.platform.imports.cancelled.clear();
    var request = gateway.request("/slipway/v1/imports/forever:watch").build();
    var response = gateway.client.send(request, BodyHandlers.ofInputStream());
    try (var lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).startsWith("data: ");
      assertThat(lines.readLine()).isEmpty();
      assertThat(lines.readLine()).isEqualTo(": waiting");
    }
    assertThat(gateway.platform.imports.cancelled.poll(10, TimeUnit.SECONDS)).isEqualTo("forever");
  }

  @Test
  void doesNotTakeMessagesFasterThanTheClientReadsThem() throws Exception {
    var request = gateway.request("/slipway/v1/imports/flood:watch").build();
    var response = gateway.client.send(request, BodyHandlers.ofInputStream());
    assertThat(response.body().read()).isEqualTo('d');
    var sent = gateway.platform.imports.sent;
    // The service stops when the buffers in between are full.
    org.awaitility.Awaitility.await()
        .during(java.time.Duration.ofSeconds(1))
        .atMost(java.time.Duration.ofSeconds(15))
        .until(sentSteadily(sent));
    assertThat(sent.get("imports/flood")).isLessThan(5_000);
    response.body().close();
  }

  private static java.util.concurrent.Callable<Boolean> sentSteadily(
      java.util.Map<String, Integer> sent) {
    int[] before = {-1};
    return () -> {
      int now = sent.getOrDefault("imports/flood", 0);
      boolean same = now == before[0];
      before[0] = now;
      return same;
    };
  }

  @Test
  void endsItsStreamsWhenTheGatewayStops() throws IOException, InterruptedException {
    RunningGateway stopping =
        RunningGateway.start(
            SharedInfrastructure.newDatabase(), SharedInfrastructure.kafkaBootstrapServers());
    var request = stopping.request("/slipway/v1/imports/forever:watch").build();
    var response = stopping.client.send(request, BodyHandlers.ofInputStream());
    try (var lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).startsWith("data: ");
      long begin = System.nanoTime();
      stopping.close();
      assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(15));
      assertThat(lines.lines().toList()).contains("event: error");
    }
  }
}
