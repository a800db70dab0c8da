package io.slipway.kit.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.events.v1.DatasetRegistered;
import io.slipway.events.v1.Event;
import io.slipway.kit.RunningService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionTemplate;

class EventTests {

  private static RunningService service;

  @BeforeAll
  static void start() {
    service = RunningService.start(SharedInfrastructure.newDatabase());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void publishesAFactWithTheStateThatItTellsOf() {
    String subject = newSubject();

    transaction().executeWithoutResult(status -> publish(subject));

    await().atMost(Duration.ofSeconds(30)).until(() -> service.effects("event of " + subject) == 1);
  }

  @Test
  void publishesNothingWhenTheStateIsRolledBack() {
    String undone = newSubject();
    String later = newSubject();
    transaction()
        .executeWithoutResult(
            status -> {
              publish(undone);
              status.setRollbackOnly();
            });
    transaction().executeWithoutResult(status -> publish(later));

    await().atMost(Duration.ofSeconds(30)).until(() -> service.effects("event of " + later) == 1);
    assertThat(service.effects("event of " + undone)).isZero();
  }

  @Test
  void refusesToPublishOutsideATransaction() {
    assertThatThrownBy(() -> publish(newSubject()))
        .isInstanceOf(IllegalTransactionStateException.class);
  }

  @Test
  void keepsTheOrderOfASubject() {
    String subject = newSubject();
    for (int i = 0; i < 12; i++) {
      transaction().executeWithoutResult(status -> publish(subject));
    }

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> service.effects("event of " + subject) == 12);
    assertThat(published(subject)).extracting(Event::getSubjectVersion).isSorted().hasSize(12);
  }

  @Test
  void takesInAnEventOnceHoweverOftenItIsDelivered() throws Exception {
    String subject = newSubject();
    Event event =
        event(subject).setDatasetRegistered(DatasetRegistered.getDefaultInstance()).build();
    String last = newSubject();
    for (int i = 0; i < 3; i++) {
      send(subject, event);
    }
    send(subject, event(last).setDatasetRegistered(DatasetRegistered.getDefaultInstance()).build());

    await().atMost(Duration.ofSeconds(30)).until(() -> service.effects("event of " + last) == 1);
    assertThat(service.effects("event of " + subject)).isEqualTo(1);
  }

  @Test
  void goesOnAfterAnEventOfAKindThatItDoesNotKnow() throws Exception {
    String unknown = newSubject();
    String next = newSubject();
    send(unknown, event(unknown).build());
    send(unknown, event(unknown).setIgnorable(true).build());
    send(unknown, event(next).setDatasetRegistered(DatasetRegistered.getDefaultInstance()).build());

    await().atMost(Duration.ofSeconds(40)).until(() -> service.effects("event of " + next) == 1);
    assertThat(service.effects("event of " + unknown)).isZero();
  }

  private static String newSubject() {
    return "datasets/" + UUID.randomUUID();
  }

  private static Event.Builder event(String subject) {
    return Event.newBuilder()
        .setId(UUID.randomUUID().toString())
        .setTenant("acme")
        .setSubject(subject);
  }

  private static TransactionTemplate transaction() {
    return service.bean(TransactionTemplate.class);
  }

  private static void publish(String subject) {
    service
        .bean(EventPublisher.class)
        .publish(
            "acme",
            subject,
            "test",
            e -> e.setDatasetRegistered(DatasetRegistered.getDefaultInstance()));
  }

  private static void send(String key, Event event) throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", SharedInfrastructure.kafkaBootstrapServers());
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(Topics.IMPORT_EVENTS, key, event.toByteArray())).get();
    }
  }

  private static List<Event> published(String subject) {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", SharedInfrastructure.kafkaBootstrapServers());
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      var partitions =
          consumer.partitionsFor(Topics.IMPORT_EVENTS).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      List<Event> found = new java.util.ArrayList<>();
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          if (subject.equals(record.key())) {
            found.add(parse(record.value()));
          }
        }
      }
      return found;
    }
  }

  private static Event parse(byte[] value) {
    try {
      return Event.parseFrom(value);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
