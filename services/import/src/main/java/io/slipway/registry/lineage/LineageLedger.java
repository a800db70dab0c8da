package io.slipway.registry.lineage;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.slipway.events.v1.Event;
import io.slipway.kit.paging.Page;
import io.slipway.kit.paging.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * All events of all services and the relations that they tell of. Adding one twice adds it once.
 */
@Repository
class LineageLedger {

  private static final String ORDER = " order by time, subject_version, id";

  private final JdbcClient db;
  private final LineageProperties properties;

  LineageLedger(JdbcClient db, LineageProperties properties) {
    this.db = db;
    this.properties = properties;
  }

  /** Runs in the caller's transaction. */
  void add(Event event) {
    Timestamp time = event.getTime();
    db.sql(
            """
            insert into lineage_event (id, tenant, subject, subject_version, time, payload)
            values (?, ?, ?, ?, ?, ?) on conflict do nothing""")
        .params(
            event.getId(),
            event.getTenant(),
            event.getSubject(),
            event.getSubjectVersion(),
            Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).atOffset(ZoneOffset.UTC),
            event.toByteArray())
        .update();
    for (Relation relation : Relations.of(event)) {
      db.sql(
              """
              insert into lineage_edge (tenant, subject, relation, object) values (?, ?, ?, ?)
              on conflict do nothing""")
          .params(event.getTenant(), relation.subject(), relation.kind().name(), relation.object())
          .update();
    }
  }

  /**
   * Events of a subject, of everything that it was made from, and of what was done with the subject
   * itself; oldest first. Empty for a subject of which nothing has been told yet.
   */
  List<Event> lineage(String tenant, String subject) {
    return db.sql(
            """
            with recursive origin (name, depth) as (
                select cast(:subject as text), 0
              union
                select e.object, o.depth + 1 from origin o
                join lineage_edge e on e.tenant = :tenant and e.subject = o.name and e.relation = 'MADE_FROM'
                where o.depth < :depth),
            part (name) as (
                select name from origin
              union
                select e.subject from lineage_edge e
                where e.tenant = :tenant and e.object = :subject and e.relation = 'ABOUT')
            select payload from lineage_event
            where tenant = :tenant and subject in (select name from part)"""
                + ORDER)
        .param("tenant", tenant)
        .param("subject", subject)
        .param("depth", properties.maxDepth())
        .query(LineageLedger::map)
        .list();
  }

  /**
   * Oldest first.
   *
   * @param subject only its events; empty for all of the tenant
   */
  Page<Event> list(String tenant, String subject, PageRequest page) {
    var rows =
        db.sql(
                """
                select payload from lineage_event where tenant = ? and (? = '' or subject = ?)
                  and (? = '' or (time, subject_version, id) >
                    (select time, subject_version, id from lineage_event where tenant = ? and id = ?))"""
                    + ORDER
                    + " limit ?")
            .params(tenant, subject, subject, page.after(), tenant, page.after(), page.limit())
            .query(LineageLedger::map)
            .list();
    return page.page(rows, Event::getId);
  }

  private static Event map(ResultSet row, int rowNumber) throws SQLException {
    try {
      return Event.parseFrom(row.getBytes("payload"));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("The ledger holds an event that cannot be read.", e);
    }
  }
}
