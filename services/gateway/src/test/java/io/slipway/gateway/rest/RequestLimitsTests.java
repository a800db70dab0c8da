package io.slipway.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.gateway.testing.RawHttp;
import io.slipway.gateway.testing.RunningGateway;
import io.slipway.gateway.testing.RunningGateway.Reply;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestLimitsTests {

  private final RunningGateway gateway = RunningGateway.shared();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/slipway/v1/imports/../../../etc/passwd",
        "/slipway/v1/imports/%2e%2e",
        "/slipway/v1/imports/a%2Fb",
        "/slipway/v1/imports/..%5Cb",
        "/actuator/health/../metrics",
        "/actuator/health/..;/metrics",
        "/models/../slipway/v1/imports",
        "/slipway//v1/imports"
      })
  void refusesPathsThatClimb(String path) {
    String reply = RawHttp.get(gateway.port(), path, "no-key-at-all-needed");
    assertThat(reply).startsWith("HTTP/1.1 400 ").contains("segments are not empty");
  }

  @Test
  void tellsOfAMalformedRequestLineWithAProblem() {
    assertThat(RawHttp.get(gateway.port(), "/slipway/v1/{x}", "any"))
        .startsWith("HTTP/1.1 400 ")
        .contains("application/problem+json", "malformed");
  }

  @Test
  void refusesALongUrl() {
    Reply reply = gateway.get("/slipway/v1/hubModels?query=" + "x".repeat(9_000));
    assertThat(reply.status()).isEqualTo(414);
    assertThat(reply.json().path("code").stringValue()).isEqualTo("URL_TOO_LONG");
  }

  @Test
  void refusesLargeHeaders() {
    Reply reply =
        gateway.send(gateway.request("/slipway/v1/hubModels").header("X-Big", "x".repeat(20_000)));
    assertThat(reply.status()).isEqualTo(431);
    assertThat(reply.json().path("code").stringValue()).isEqualTo("HEADERS_TOO_LARGE");
  }

  @Test
  void replacesARequestIdThatCouldForgeLogLines() {
    Reply reply =
        gateway.send(gateway.request("/slipway/v1/hubModels").header("X-Request-Id", "a b\tc"));
    assertThat(reply.header("X-Request-Id")).isNotEmpty().doesNotContain(" ");
  }

  @Test
  void letsAKeyHaveOnlySoManyRequestsInFlight() throws Exception {
    String secret =
        gateway
            .post("/slipway/v1/apiKeys", "{\"displayName\":\"busy\"}")
            .json()
            .path("secret")
            .stringValue();
    List<java.io.InputStream> open = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      var request =
          gateway
              .anonymous("/slipway/v1/imports/forever:watch")
              .header("Authorization", "Bearer " + secret)
              .build();
      open.add(gateway.client.send(request, BodyHandlers.ofInputStream()).body());
    }
    Reply refused = as(secret);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    assertThat(gateway.get("/slipway/v1/hubModels").status()).isEqualTo(200);
    for (var stream : open) {
      stream.close();
    }
    Awaitility.await().until(() -> as(secret).status() == 200);
  }

  private Reply as(String secret) {
    return gateway.send(
        gateway.anonymous("/slipway/v1/hubModels").header("Authorization", "Bearer " + secret));
  }
}
