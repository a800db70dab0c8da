package io.slipway.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.slipway.process.ChildJvm;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTests {
  private static final EmbeddedKafka.Options DURABLE = EmbeddedKafka.Options.defaults();

  @TempDir Path directory;

  @Test
  void keepsRecordsAcrossARestart() throws Exception {
    try (var broker = EmbeddedKafka.start(directory, DURABLE);
        var topic = new TestTopic(broker.bootstrapServers())) {
      topic.create();
      topic.send("one");
      topic.send("two");
    }
    try (var broker = EmbeddedKafka.start(directory, DURABLE);
        var topic = new TestTopic(broker.bootstrapServers())) {
      assertThat(topic.readAll(2)).containsExactly("one", "two");
    }
  }

  @Test
  void keepsEveryAcknowledgedRecordWhenItsProcessIsKilled() throws Exception {
    Path acknowledged = directory.resolve("acknowledged");
    try (var jvm =
        ChildJvm.running(KafkaHost.class)
            .jvmArguments("-Xmx192m")
            .arguments(directory.resolve("kafka").toString(), acknowledged.toString())
            .start(directory.resolve("host.log"))) {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> Files.exists(acknowledged) && Files.size(acknowledged) > 1_000);
      jvm.kill9();
    }
    List<String> promised = Files.readAllLines(acknowledged);

    try (var broker = EmbeddedKafka.start(directory.resolve("kafka"), DURABLE);
        var topic = new TestTopic(broker.bootstrapServers())) {
      assertThat(topic.readAll(promised.size())).containsAll(promised);
      topic.send("goes on");
    }
  }

  @Test
  void twoBrokersRunSideBySide() throws Exception {
    try (var one = EmbeddedKafka.start(directory.resolve("one"), DURABLE);
        var two = EmbeddedKafka.start(directory.resolve("two"), DURABLE);
        var topicOfOne = new TestTopic(one.bootstrapServers());
        var topicOfTwo = new TestTopic(two.bootstrapServers())) {
      topicOfOne.create();
      topicOfTwo.create();
      topicOfOne.send("for one");
      topicOfTwo.send("for two");
      assertThat(topicOfOne.readAll(1)).containsExactly("for one");
      assertThat(topicOfTwo.readAll(1)).containsExactly("for two");
    }
  }

  @Test
  void refusesADirectoryThatIsInUse() {
    try (var broker = EmbeddedKafka.start(directory, DURABLE)) {
      assertThat(broker.port()).isPositive();
      assertThatThrownBy(() -> EmbeddedKafka.start(directory, DURABLE))
          .isInstanceOf(EmbeddedStartException.class)
          .hasMessageContaining("in use by another process")
          .hasMessageContaining(directory.toString());
    }
  }

  @Test
  void refusesATakenPort() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> EmbeddedKafka.start(directory, DURABLE.withPort(port)))
          .isInstanceOf(EmbeddedStartException.class)
          .hasMessageContaining("Port " + port)
          .hasMessageContaining("is taken");
      assertThatThrownBy(() -> EmbeddedKafka.start(directory, DURABLE.withControllerPort(port)))
          .isInstanceOf(EmbeddedStartException.class)
          .hasMessageContaining("Kafka's controller");
    }
  }
}
