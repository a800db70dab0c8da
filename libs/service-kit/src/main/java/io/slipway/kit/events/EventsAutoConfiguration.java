package io.slipway.kit.events;

import io.namastack.outbox.Outbox;
import io.namastack.outbox.OutboxPayloadSerializer;
import io.slipway.kit.telemetry.Traces;
import java.time.Clock;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureBefore;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin.NewTopics;
import org.springframework.messaging.converter.ProtobufMessageConverter;
import org.springframework.transaction.support.TransactionTemplate;

/** Outbox, relay, inbox and topics, where a service has both a database and Kafka. */
@AutoConfiguration(afterName = "io.slipway.kit.jobs.JobsAutoConfiguration")
@AutoConfigureBefore(name = "io.namastack.outbox.OutboxJacksonAutoConfiguration")
@ConditionalOnClass({Outbox.class, StreamBridge.class})
class EventsAutoConfiguration {

  /**
   * Anonymous on purpose: Spring Cloud Function passes over converters of Spring's own packages.
   */
  @Bean
  ProtobufMessageConverter protobufMessageConverter() {
    return new ProtobufMessageConverter() {};
  }

  @Bean
  OutboxPayloadSerializer outboxPayloadSerializer() {
    return new ProtobufPayloads();
  }

  @Bean
  EventPublisher eventPublisher(JdbcClient db, Outbox outbox, Traces traces, Clock clock) {
    return new EventPublisher(db, outbox, traces, clock);
  }

  @Bean
  EventRelay eventRelay(StreamBridge bridge) {
    return new EventRelay(bridge);
  }

  @Bean
  EventInbox eventInbox(JdbcClient db, TransactionTemplate transaction) {
    return new EventInbox(db, transaction);
  }

  /** Every service makes sure of all topics, so that none has to wait for another to start. */
  @Bean
  NewTopics topics() {
    Stream<NewTopic> ledger =
        Topics.LEDGER.stream()
            .map(
                name ->
                    TopicBuilder.name(name)
                        .partitions(Topics.PARTITIONS)
                        .config(TopicConfig.RETENTION_MS_CONFIG, "-1")
                        .config(TopicConfig.RETENTION_BYTES_CONFIG, "-1")
                        .build());
    Stream<NewTopic> tables =
        Topics.TABLES.stream().map(name -> TopicBuilder.name(name).partitions(1).compact().build());
    return new NewTopics(Stream.concat(ledger, tables).toArray(NewTopic[]::new));
  }
}
