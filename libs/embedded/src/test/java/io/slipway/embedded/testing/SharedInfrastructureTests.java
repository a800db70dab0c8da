package io.slipway.embedded.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.embedded.TestTopic;
import io.slipway.process.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedInfrastructureTests {
  @TempDir Path directory;

  @Test
  void givesEachCallerAnEmptyDatabaseOfTheSameServer() throws Exception {
    var one = SharedInfrastructure.newDatabase();
    var two = SharedInfrastructure.newDatabase();

    assertThat(one.jdbcUrl()).isNotEqualTo(two.jdbcUrl());
    try (var inOne = DriverManager.getConnection(one.jdbcUrl(), one.user(), one.password());
        var inTwo = DriverManager.getConnection(two.jdbcUrl(), two.user(), two.password())) {
      inOne.createStatement().execute("CREATE TABLE same_name ()");
      inTwo.createStatement().execute("CREATE TABLE same_name ()");
    }
  }

  @Test
  void sharesOneBroker() throws Exception {
    assertThat(SharedInfrastructure.newTopicPrefix())
        .isNotEqualTo(SharedInfrastructure.newTopicPrefix());
    assertThat(SharedInfrastructure.kafka()).isSameAs(SharedInfrastructure.kafka());
    try (var topic = new TestTopic(SharedInfrastructure.kafkaBootstrapServers())) {
      topic.create();
      topic.send("hello");
      assertThat(topic.readAll(1)).containsExactly("hello");
    }
  }

  @Test
  void leavesNothingBehindWhenItsJvmIsKilled() throws Exception {
    Path started = directory.resolve("started");
    try (var jvm =
        ChildJvm.running(InfrastructureHost.class)
            .jvmArguments("-Xmx192m", "-Djava.io.tmpdir=" + directory)
            .arguments(started.toString())
            .start(directory.resolve("host.log"))) {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> Files.exists(started) && Files.size(started) > 0);
      long server = Long.parseLong(Files.readString(started));
      assertThat(leftIn(directory)).isEqualTo(1);

      jvm.kill9();

      await().atMost(Duration.ofSeconds(30)).until(() -> ProcessHandle.of(server).isEmpty());
      await().atMost(Duration.ofSeconds(30)).until(() -> leftIn(directory) == 0);
    }
  }

  private static long leftIn(Path directory) throws Exception {
    try (var entries = Files.list(directory)) {
      return entries
          .filter(entry -> entry.getFileName().toString().startsWith("slipway-tests-"))
          .count();
    }
  }
}
