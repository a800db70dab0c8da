package io.slipway.gateway.keys;

import io.namastack.outbox.handler.OutboxRecordMetadata;
import io.namastack.outbox.handler.OutboxTypedHandler;
import io.slipway.identity.v1.ApiKeyEntry;
import io.slipway.kit.events.Topics;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Moves changes of keys from the outbox to the compacted topic. It publishes what holds now, a
 * record without a value for a revoked key, so that repeating it does no harm.
 */
@Component
public class ApiKeyRelay implements OutboxTypedHandler<ApiKeyEntry> {

  private final ApiKeys keys;
  private final String brokers;
  private @Nullable Producer<String, byte[]> producer;

  ApiKeyRelay(ApiKeys keys, @Value("${spring.kafka.bootstrap-servers}") String brokers) {
    this.keys = keys;
    this.brokers = brokers;
  }

  @Override
  public void handle(ApiKeyEntry entry, OutboxRecordMetadata metadata) {
    String hash = metadata.getKey();
    boolean inForce = keys.byHash(new KeyHash(hash)).filter(key -> !key.revoked()).isPresent();
    byte @Nullable [] value = inForce ? entry.toByteArray() : null;
    try {
      producer().send(new ProducerRecord<>(Topics.API_KEYS, hash, value)).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("The broker did not take the change of a key.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while publishing the change of a key.", e);
    }
  }

  /** Made when it is first needed, so that the gateway starts while the broker is away. */
  private synchronized Producer<String, byte[]> producer() {
    if (producer == null) {
      producer =
          new KafkaProducer<>(
              Map.of(
                  ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers,
                  ProducerConfig.ACKS_CONFIG, "all",
                  ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000,
                  ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000,
                  ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000),
              new StringSerializer(),
              new ByteArraySerializer());
    }
    return producer;
  }

  @PreDestroy
  synchronized void close() {
    if (producer != null) {
      producer.close(Duration.ofSeconds(1));
    }
  }
}
