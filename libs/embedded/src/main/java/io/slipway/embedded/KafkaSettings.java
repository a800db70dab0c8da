package io.slipway.embedded;

import java.nio.file.Path;
import java.util.Properties;

/** One node that is broker and controller at once, sized for one machine. */
final class KafkaSettings {
  static final int NODE_ID = 1;
  static final String CONTROLLER = "CONTROLLER";

  private KafkaSettings() {}

  static Properties of(Path logDirectory, int port, int controllerPort, Durability durability) {
    var settings = new Properties();
    String broker = "PLAINTEXT://%s:%d".formatted(LoopbackPort.HOST, port);
    String controller = "%s:%d".formatted(LoopbackPort.HOST, controllerPort);
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", Integer.toString(NODE_ID));
    settings.put("controller.quorum.voters", NODE_ID + "@" + controller);
    settings.put("controller.listener.names", CONTROLLER);
    settings.put("listeners", broker + "," + CONTROLLER + "://" + controller);
    settings.put("advertised.listeners", broker);
    settings.put("inter.broker.listener.name", "PLAINTEXT");
    settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("log.dirs", logDirectory.toString());
    settings.put("auto.create.topics.enable", "false");
    // A broker that was killed is let in again only when its old session has expired.
    settings.put("broker.session.timeout.ms", "3000");
    settings.put("broker.heartbeat.interval.ms", "500");
    singleCopies(settings);
    smallMemory(settings);
    if (durability == Durability.POWER_LOSS) {
      // With one copy of the log, an acknowledged record is on the disk or it can be lost. One
      // fsync an append is
      // cheap at the rate of lifecycle facts, and producers that batch pay it once a batch.
      settings.put("log.flush.interval.messages", "1");
    }
    return settings;
  }

  private static void singleCopies(Properties settings) {
    settings.put("default.replication.factor", "1");
    settings.put("min.insync.replicas", "1");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "1");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "1");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    settings.put("share.coordinator.state.topic.num.partitions", "1");
  }

  private static void smallMemory(Properties settings) {
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("num.network.threads", "1");
    settings.put("num.io.threads", "2");
    settings.put("background.threads", "2");
    settings.put("num.recovery.threads.per.data.dir", "1");
    settings.put("log.cleaner.dedupe.buffer.size", "2097152");
    settings.put("log.segment.bytes", "16777216");
    settings.put("log.index.size.max.bytes", "1048576");
  }
}
