package io.slipway.kit.events;

import io.slipway.events.v1.Event;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Takes in each event once: its id and its effect are written in one transaction. */
public final class EventInbox {

  private static final Logger log = LoggerFactory.getLogger(EventInbox.class);

  private final JdbcClient db;
  private final TransactionTemplate transaction;

  public EventInbox(JdbcClient db, TransactionTemplate transaction) {
    this.db = db;
    this.transaction = transaction;
  }

  /**
   * @param consumer name of the consumer; each takes in every event for itself
   * @param effect what the event changes in this service's database
   * @throws IllegalArgumentException for an event of an unknown kind that may not be ignored; it is
   *     dead-lettered
   */
  public void consume(String consumer, Event event, Consumer<Event> effect) {
    if (event.getPayloadCase() == Event.PayloadCase.PAYLOAD_NOT_SET) {
      if (event.getIgnorable()) {
        return;
      }
      throw new IllegalArgumentException(
          "Event "
              + event.getId()
              + " of "
              + event.getSubject()
              + " is of a kind that this version does not know.");
    }
    transaction.executeWithoutResult(
        status -> {
          int inserted =
              db.sql(
                      "insert into consumed_event (consumer, event_id) values (?, ?) on conflict do nothing")
                  .params(consumer, event.getId())
                  .update();
          if (inserted == 1) {
            effect.accept(event);
          } else {
            log.debug("{} has seen event {} before", consumer, event.getId());
          }
        });
  }
}
