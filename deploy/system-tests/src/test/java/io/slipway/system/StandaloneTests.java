package io.slipway.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.system.Launcher.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The platform on one machine, as the launcher gives it; each test goes on where the one before has
 * left it.
 */
@Tag("system")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StandaloneTests {

  @TempDir private static Path directory;
  private static Instance instance;
  private static String endpoint = "";

  @BeforeAll
  static void choosePorts() {
    instance = Instance.in(directory.resolve("one"));
  }

  @AfterAll
  static void down() {
    instance.close();
  }

  @Test
  @Order(1)
  void takesAModelThroughItsWholeLife() {
    Outcome tour = instance.run("tour", "--json", "--port", Integer.toString(instance.port()));

    assertThat(tour.exitCode()).as(tour.output()).isZero();
    JsonNode report =
        JsonMapper.shared().readTree(tour.output().substring(tour.output().indexOf('{')));
    assertThat(report.path("steps").size()).isEqualTo(11);
    assertThat(report.path("accuracyBefore").asDouble()).isLessThan(0.45);
    assertThat(report.path("accuracyAfter").asDouble()).isGreaterThanOrEqualTo(0.9);
    endpoint =
        instance.get("/slipway/v1/endpoints").path("endpoints").path(0).path("name").asString();
  }

  @Test
  @Order(2)
  void findsEverythingAgainAfterEveryProcessWasKilled() {
    var platform = instance.process();
    var children = platform.descendants().toList();
    platform.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    platform.onExit().join();

    Outcome up = instance.up();

    assertThat(up.exitCode()).as(up.output()).isZero();
    assertThat(instance.get("/slipway/v1/models").path("models").size()).isEqualTo(2);
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> instance.classify(endpoint.substring("endpoints/".length())) == 200);
  }

  @Test
  @Order(3)
  void startsAgainWhenOnlyThePlatformsProcessWasKilled() {
    assertThat(instance.process().destroyForcibly()).isTrue();
    await().until(() -> instance.run("status").exitCode() == 1);

    Outcome up = instance.up();

    assertThat(up.exitCode()).as(up.output()).isZero();
    assertThat(instance.get("/slipway/v1/fineTuneJobs").path("fineTuneJobs").size()).isEqualTo(1);
  }

  @Test
  @Order(4)
  void changesNothingWhenItRunsAlready() {
    long pid = instance.process().pid();

    assertThat(instance.up().exitCode()).isZero();
    assertThat(instance.process().pid()).isEqualTo(pid);
  }

  @Test
  @Order(5)
  void runsBesideAnotherInstance() {
    try (Instance other = Instance.in(directory.resolve("two"))) {
      Outcome up = other.up();

      assertThat(up.exitCode()).as(up.output()).isZero();
      assertThat(other.get("/slipway/v1/models").path("models").size()).isZero();
      assertThat(instance.get("/slipway/v1/models").path("models").size()).isEqualTo(2);
    }
  }

  @Test
  @Order(6)
  void saysInASentenceThatAPortIsTaken() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Outcome up =
          Launcher.run(
              Duration.ofMinutes(1),
              "up",
              "--data-dir",
              directory.resolve("three").toString(),
              "--port",
              Integer.toString(taken.getLocalPort()));

      assertThat(up.exitCode()).isNotZero();
      assertThat(up.output())
          .contains("Port " + taken.getLocalPort())
          .contains("taken")
          .doesNotContain("Exception");
    }
  }

  @Test
  @Order(7)
  void stopsAndStartsWithItsData() {
    assertThat(instance.run("down").exitCode()).isZero();
    assertThat(instance.run("status").exitCode()).isEqualTo(1);

    Outcome up = instance.up();

    assertThat(up.exitCode()).as(up.output()).isZero();
    assertThat(instance.get("/slipway/v1/models").path("models").size()).isEqualTo(2);
  }
}
