package io.slipway.deployment.testing;

import com.google.protobuf.InvalidProtocolBufferException;
import io.slipway.deployment.v1.Replica;
import io.slipway.deployment.v1.Route;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.events.v1.Event;
import io.slipway.kit.events.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads the routes and the events from the real topics, from their beginning. */
public final class PublishedTopics implements AutoCloseable {

  private final KafkaConsumer<String, byte[]> consumer;
  private final Map<String, Route> routes = new HashMap<>();
  private final Map<String, List<Long>> versions = new HashMap<>();
  private final List<Event> events = new CopyOnWriteArrayList<>();

  public PublishedTopics() {
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", SharedInfrastructure.kafkaBootstrapServers()),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : List.of(Topics.ROUTES, Topics.DEPLOYMENT_EVENTS)) {
      consumer
          .partitionsFor(topic)
          .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  private synchronized void read() {
    try {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(50))) {
        if (record.topic().equals(Topics.DEPLOYMENT_EVENTS)) {
          events.add(Event.parseFrom(record.value()));
        } else if (record.value() == null) {
          routes.remove(record.key());
        } else {
          Route route = Route.parseFrom(record.value());
          routes.put(record.key(), route);
          versions.computeIfAbsent(record.key(), _ -> new ArrayList<>()).add(route.getVersion());
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The route now; the default instance when there is none. */
  public Route route(String endpoint) {
    read();
    return routes.getOrDefault(endpoint, Route.getDefaultInstance());
  }

  /** Addresses of all replicas of an endpoint. */
  public List<String> replicas(String endpoint) {
    return route(endpoint).getTargetsList().stream()
        .flatMap(target -> target.getReplicasList().stream())
        .map(Replica::getAddress)
        .toList();
  }

  public List<Long> versions(String endpoint) {
    read();
    return versions.getOrDefault(endpoint, List.of());
  }

  public List<Event> eventsOf(String subject) {
    read();
    return events.stream().filter(event -> event.getSubject().equals(subject)).toList();
  }

  @Override
  public synchronized void close() {
    consumer.close();
  }
}
