package io.slipway.registry.lineage;

import io.slipway.events.v1.Event;
import io.slipway.kit.events.EventInbox;
import java.time.Duration;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Takes events into the ledger, each once. While the database is away it waits for some minutes; an
 * event that cannot be understood is not tried again and becomes a dead letter.
 */
@Component
class LineageProjection {

  private static final RetryPolicy PATIENCE =
      RetryPolicy.builder()
          .includes(DataAccessException.class, TransactionException.class)
          .maxRetries(25)
          .delay(Duration.ofMillis(200))
          .multiplier(2)
          .maxDelay(Duration.ofSeconds(5))
          .build();

  private final EventInbox inbox;
  private final LineageLedger ledger;
  private final LineageProperties properties;
  private final RetryTemplate retry = new RetryTemplate(PATIENCE);

  LineageProjection(EventInbox inbox, LineageLedger ledger, LineageProperties properties) {
    this.inbox = inbox;
    this.ledger = ledger;
    this.properties = properties;
  }

  void take(Event event) {
    try {
      retry.execute(
          () -> {
            inbox.consume(properties.group(), event, ledger::add);
            return event;
          });
    } catch (RetryException e) {
      throw new IllegalStateException(
          "Event " + event.getId() + " of " + event.getSubject() + " was not taken in.", e);
    }
  }
}
