package io.slipway.deployment.route;

import io.namastack.outbox.handler.OutboxRecordMetadata;
import io.namastack.outbox.handler.OutboxTypedHandler;
import io.slipway.deployment.v1.RouteChanged;
import io.slipway.kit.events.Topics;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * Moves routes from the outbox to their compacted topic, those of one endpoint in order. One that
 * the broker did not take stays and is tried again.
 */
class RouteRelay implements OutboxTypedHandler<RouteChanged> {

  private static final long PATIENCE_SECONDS = 30;

  private final KafkaTemplate<String, byte[]> kafka;

  RouteRelay(KafkaTemplate<String, byte[]> kafka) {
    this.kafka = kafka;
  }

  @Override
  public void handle(RouteChanged change, OutboxRecordMetadata metadata) {
    byte[] value = change.hasRoute() ? change.getRoute().toByteArray() : null;
    try {
      kafka
          .send(Topics.ROUTES, change.getEndpoint(), value)
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(
          "The broker did not take the route of " + change.getEndpoint() + ".", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while publishing a route.", e);
    }
  }
}
