package io.slipway.gateway.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.deployment.v1.Route;
import io.slipway.deployment.v1.RouteTarget;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RouteTableTests {

  private final RouteTable table = new RouteTable();

  @Test
  void ignoresAnOlderVersion() {
    table.put(route(2, "models/a/b/versions/2"));
    table.put(route(1, "models/a/b/versions/1"));
    assertThat(table.find("t", "endpoints/e").orElseThrow().getVersion()).isEqualTo(2);
    table.put(route(3, "models/a/b/versions/3"));
    assertThat(table.find("t", "endpoints/e").orElseThrow().getVersion()).isEqualTo(3);
  }

  @Test
  void aDeletedEndpointMayBeMadeAnew() {
    table.put(route(5, "models/a/b/versions/2"));
    table.remove("endpoints/e");
    assertThat(table.find("t", "endpoints/e")).isEmpty();
    table.put(route(1, "models/a/b/versions/2"));
    assertThat(table.find("t", "endpoints/e")).isPresent();
  }

  @Test
  void showsATenantOnlyItsOwn() {
    table.put(route(1, "models/a/b/versions/2"));
    assertThat(table.find("other", "endpoints/e")).isEmpty();
    assertThat(table.servingModel("other", "a/b")).isEmpty();
    assertThat(table.servingModel("t", "a/b")).hasSize(1);
    assertThat(table.servingModel("t", "a/bb")).isEmpty();
  }

  @Test
  void wakesWhoWaitsForAChange() throws Exception {
    table.put(route(1, "models/a/b/versions/1"));
    var waiting =
        CompletableFuture.supplyAsync(
            () ->
                table.await("t", "endpoints/e", r -> r.getVersion() == 2, Duration.ofSeconds(20)));
    table.put(route(2, "models/a/b/versions/1"));
    assertThat(waiting.get(10, TimeUnit.SECONDS).orElseThrow().getVersion()).isEqualTo(2);
    assertThat(table.await("t", "endpoints/e", _ -> false, Duration.ZERO)).isPresent();
  }

  @Test
  void waitsForARouteThatIsNotKnownYetAndGivesUpInTime() throws Exception {
    var waiting =
        CompletableFuture.supplyAsync(
            () -> table.await("t", "endpoints/e", _ -> true, Duration.ofSeconds(20)));
    table.put(route(1, "models/a/b/versions/1"));

    assertThat(waiting.get(10, TimeUnit.SECONDS)).isPresent();
    assertThat(table.await("t", "endpoints/none", _ -> true, Duration.ofMillis(1))).isEmpty();
  }

  private static Route route(long version, String modelVersion) {
    return Route.newBuilder()
        .setEndpoint("endpoints/e")
        .setTenant("t")
        .setVersion(version)
        .addTargets(RouteTarget.newBuilder().setModelVersion(modelVersion).setPercent(100))
        .build();
  }
}
