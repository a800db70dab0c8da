package io.slipway.gateway.testing;

import io.slipway.deployment.v1.Route;
import io.slipway.deployment.v1.RouteTarget;
import io.slipway.kit.events.Topics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Publishes routes as the deployment service does. */
public final class Routes implements AutoCloseable {

  private final KafkaProducer<String, byte[]> producer;

  public Routes(String brokers) {
    producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  public static RouteTarget target(String modelVersion, int percent, Worker... workers) {
    return RouteTarget.newBuilder()
        .setModelVersion(modelVersion)
        .setTask("text-classification")
        .setPercent(percent)
        .addAllReplicas(List.of(workers).stream().map(Worker::replica).toList())
        .build();
  }

  public void publish(String tenant, String endpoint, long version, RouteTarget... targets) {
    Route route =
        Route.newBuilder()
            .setEndpoint(endpoint)
            .setTenant(tenant)
            .setVersion(version)
            .addAllTargets(List.of(targets))
            .build();
    send(endpoint, route.toByteArray());
  }

  public void delete(String endpoint) {
    send(endpoint, null);
  }

  private void send(String endpoint, byte[] value) {
    try {
      producer.send(new ProducerRecord<>(Topics.ROUTES, endpoint, value)).get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
