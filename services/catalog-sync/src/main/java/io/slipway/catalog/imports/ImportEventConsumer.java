package io.slipway.catalog.imports;

import io.slipway.events.v1.Event;
import io.slipway.events.v1.ModelRegistered;
import io.slipway.kit.events.EventInbox;
import io.slipway.kit.events.Topics;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;

/** Listens to what the registry says. */
@Configuration(proxyBeanMethods = false)
class ImportEventConsumer {

  private static final String CONSUMER = "catalog";

  private final ImportedVersions versions;

  ImportEventConsumer(ImportedVersions versions) {
    this.versions = versions;
  }

  @Bean
  Consumer<Event> importEvents(EventInbox inbox) {
    return event -> inbox.consume(CONSUMER, event, this::take);
  }

  /** For events that this version cannot read. */
  @Bean
  NewTopic deadLetters() {
    return TopicBuilder.name(Topics.IMPORT_EVENTS + "." + CONSUMER + ".dlq").partitions(3).build();
  }

  private void take(Event event) {
    Instant time = Instant.ofEpochSecond(event.getTime().getSeconds(), event.getTime().getNanos());
    switch (event.getPayloadCase()) {
      case MODEL_REGISTERED -> {
        ModelRegistered registered = event.getModelRegistered();
        if (!registered.getHubModelId().isEmpty()) {
          versions.add(
              event.getTenant(), registered.getModelVersion(), registered.getHubModelId(), time);
        }
      }
      case MODEL_DELETED -> versions.remove(event.getTenant(), event.getSubject(), time);
      default -> {
        // Not about what the catalogue shows.
      }
    }
  }
}
