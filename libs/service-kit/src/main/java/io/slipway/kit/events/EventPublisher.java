package io.slipway.kit.events;

import com.google.protobuf.Timestamp;
import io.namastack.outbox.Outbox;
import io.slipway.events.v1.Event;
import io.slipway.kit.telemetry.Traces;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Publishes facts. The fact waits in the outbox, and so commits or vanishes with the state that it
 * tells of.
 */
public class EventPublisher {

  private final JdbcClient db;
  private final Outbox outbox;
  private final Traces traces;
  private final Clock clock;

  public EventPublisher(JdbcClient db, Outbox outbox, Traces traces, Clock clock) {
    this.db = db;
    this.outbox = outbox;
    this.traces = traces;
    this.clock = clock;
  }

  /**
   * @param subject the resource that the fact is about; its events keep their order
   * @param cause the resource that led to it
   * @param payload sets the payload, and {@code ignorable} where that holds
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public void publish(
      String tenant, String subject, String cause, Consumer<Event.Builder> payload) {
    Instant now = clock.instant();
    Event.Builder event =
        Event.newBuilder()
            .setId(UUID.randomUUID().toString())
            .setTime(
                Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()))
            .setSubject(subject)
            .setTenant(tenant)
            .setCause(cause)
            .setSubjectVersion(nextVersion(subject))
            .setTraceparent(traces.traceparent());
    payload.accept(event);
    outbox.schedule(event.build(), subject);
  }

  private long nextVersion(String subject) {
    return db.sql(
            """
            insert into event_sequence (subject, version) values (?, 1)
            on conflict (subject) do update set version = event_sequence.version + 1
            returning version""")
        .param(subject)
        .query(Long.class)
        .single();
  }
}
