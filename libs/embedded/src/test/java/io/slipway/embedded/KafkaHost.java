package io.slipway.embedded;

import java.io.FileWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A JVM to be killed: it runs a broker, sends records to it, and notes each one that was
 * acknowledged.
 */
final class KafkaHost {
  private KafkaHost() {}

  public static void main(String[] args) throws Exception {
    var broker = EmbeddedKafka.start(Path.of(args[0]), EmbeddedKafka.Options.defaults());
    try (var topic = new TestTopic(broker.bootstrapServers());
        var acknowledged = new FileWriter(args[1], StandardCharsets.UTF_8)) {
      topic.create();
      for (int i = 0; ; i++) {
        String value = "record-" + i;
        topic.send(value);
        acknowledged.write(value + "\n");
        acknowledged.flush();
      }
    }
  }
}
