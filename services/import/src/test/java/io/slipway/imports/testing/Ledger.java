package io.slipway.imports.testing;

import com.google.protobuf.InvalidProtocolBufferException;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.events.v1.Event;
import io.slipway.kit.events.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what the service has published, from the beginning. */
public final class Ledger implements AutoCloseable {

  private final KafkaConsumer<byte[], byte[]> consumer =
      new KafkaConsumer<>(
          Map.of(
              "bootstrap.servers",
              SharedInfrastructure.kafkaBootstrapServers(),
              "group.id",
              UUID.randomUUID().toString(),
              "auto.offset.reset",
              "earliest",
              "key.deserializer",
              ByteArrayDeserializer.class,
              "value.deserializer",
              ByteArrayDeserializer.class));
  private final List<Event> seen = new ArrayList<>();

  public Ledger() {
    consumer.subscribe(List.of(Topics.IMPORT_EVENTS));
  }

  /** All events of a tenant that have come so far. */
  public List<Event> of(String tenant) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
      try {
        seen.add(Event.parseFrom(record.value()));
      } catch (InvalidProtocolBufferException notAnEvent) {
        // A test has put it there, to see what the service does about it.
        continue;
      }
    }
    return seen.stream().filter(event -> event.getTenant().equals(tenant)).toList();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
