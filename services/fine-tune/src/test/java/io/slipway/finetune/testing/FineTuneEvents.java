package io.slipway.finetune.testing;

import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.events.v1.Event;
import io.slipway.kit.events.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the service's topic from its beginning. */
public final class FineTuneEvents {

  private FineTuneEvents() {}

  /** All events about a job so far. */
  public static List<Event> about(String job) {
    List<Event> events = new ArrayList<>();
    Map<String, Object> settings =
        Map.of("bootstrap.servers", SharedInfrastructure.kafkaBootstrapServers());
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topics.FINE_TUNE_EVENTS).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(
                message -> {
                  Event event = parse(message.value());
                  if (event.getSubject().equals(job)) {
                    events.add(event);
                  }
                });
      }
    }
    return events;
  }

  private static Event parse(byte[] bytes) {
    try {
      return Event.parseFrom(bytes);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }
}
