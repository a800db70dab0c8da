package io.slipway.gateway.tables;

import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Follows a compacted topic from its beginning, without a consumer group: every gateway reads all
 * of it. A broker that is away is waited for; what was read stays.
 */
public abstract class CompactedTopic implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(CompactedTopic.class);
  private static final Duration POLL = Duration.ofMillis(500);

  private final String topic;
  private final Map<String, Object> settings;
  private volatile boolean running;
  private volatile boolean caughtUp;
  private @Nullable Thread thread;
  private volatile @Nullable Consumer<String, byte[]> consumer;

  protected CompactedTopic(String topic, String brokers) {
    this.topic = topic;
    this.settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            brokers,
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            5_000,
            ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
            4_000);
  }

  /** The row of this key, new or changed. */
  protected abstract void put(String key, byte[] value) throws InvalidProtocolBufferException;

  /** The row of this key is gone. */
  protected abstract void remove(String key);

  public final String topic() {
    return topic;
  }

  /** Whether the topic has been read once up to where it ended when the reading began. */
  public final boolean isCaughtUp() {
    return caughtUp;
  }

  @Override
  public final synchronized void start() {
    running = true;
    thread = Thread.ofVirtual().name(topic).start(this::follow);
  }

  private void follow() {
    while (running) {
      try (Consumer<String, byte[]> reader =
          new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
        consumer = reader;
        read(reader);
      } catch (WakeupException | InterruptException stopping) {
        // stop() wakes the reader; the loop's condition ends it.
        log.debug("Reading {} was interrupted.", topic);
      } catch (KafkaException away) {
        log.warn("{} cannot be read at the moment: {}", topic, away.toString());
        pause();
      } finally {
        consumer = null;
      }
    }
  }

  private void read(Consumer<String, byte[]> reader) {
    List<TopicPartition> partitions =
        reader.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    if (partitions.isEmpty()) {
      pause();
      return;
    }
    reader.assign(partitions);
    reader.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
    while (running) {
      reader.poll(POLL).forEach(this::apply);
      if (!caughtUp
          && ends.entrySet().stream()
              .allMatch(end -> reader.position(end.getKey()) >= end.getValue())) {
        caughtUp = true;
        log.info("{} has been read.", topic);
      }
    }
  }

  private void apply(ConsumerRecord<String, byte @Nullable []> row) {
    try {
      byte[] value = row.value();
      if (value == null) {
        remove(row.key());
      } else {
        put(row.key(), value);
      }
    } catch (InvalidProtocolBufferException malformed) {
      log.error("{} holds a row at {} that cannot be read.", topic, row.offset(), malformed);
    }
  }

  private void pause() {
    try {
      Thread.sleep(Duration.ofSeconds(1));
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public final synchronized void stop() {
    running = false;
    Consumer<String, byte[]> reader = consumer;
    if (reader != null) {
      reader.wakeup();
    }
    if (thread != null) {
      thread.interrupt();
      try {
        thread.join(Duration.ofSeconds(2));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public final boolean isRunning() {
    return running;
  }

  /** Before the servers. */
  @Override
  public final int getPhase() {
    return 0;
  }
}
