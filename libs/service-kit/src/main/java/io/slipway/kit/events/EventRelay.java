package io.slipway.kit.events;

import io.namastack.outbox.handler.OutboxRecordMetadata;
import io.namastack.outbox.handler.OutboxTypedHandler;
import io.slipway.events.v1.Event;
import java.nio.charset.StandardCharsets;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.support.MessageBuilder;

/**
 * Moves events from the outbox to the service's topic; one that the broker did not take stays and
 * is tried again.
 */
public class EventRelay implements OutboxTypedHandler<Event> {

  private static final String BINDING = "events-out-0";

  private final StreamBridge bridge;

  public EventRelay(StreamBridge bridge) {
    this.bridge = bridge;
  }

  @Override
  public void handle(Event event, OutboxRecordMetadata metadata) {
    var message =
        MessageBuilder.withPayload(event)
            .setHeader(KafkaHeaders.KEY, event.getSubject().getBytes(StandardCharsets.UTF_8))
            .build();
    if (!bridge.send(BINDING, message)) {
      throw new IllegalStateException("The broker did not take event " + event.getId() + ".");
    }
  }
}
