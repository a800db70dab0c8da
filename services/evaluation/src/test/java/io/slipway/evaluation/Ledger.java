package io.slipway.evaluation;

import com.google.protobuf.InvalidProtocolBufferException;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.events.v1.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads the events of evaluations from the beginning. */
public final class Ledger implements AutoCloseable {

  private final KafkaConsumer<String, byte[]> consumer =
      new KafkaConsumer<>(
          Map.of(
              "bootstrap.servers",
              SharedInfrastructure.kafkaBootstrapServers(),
              "group.id",
              UUID.randomUUID().toString(),
              "auto.offset.reset",
              "earliest",
              "key.deserializer",
              StringDeserializer.class,
              "value.deserializer",
              ByteArrayDeserializer.class));

  private final List<Event> seen = new ArrayList<>();

  public Ledger() {
    consumer.subscribe(List.of("slipway.evaluation.events"));
  }

  /** All events about a subject that have come so far. */
  public List<Event> about(String subject) {
    for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
      try {
        seen.add(Event.parseFrom(record.value()));
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException(e);
      }
    }
    return seen.stream().filter(event -> event.getSubject().equals(subject)).toList();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
