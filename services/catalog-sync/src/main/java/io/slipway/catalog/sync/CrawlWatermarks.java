package io.slipway.catalog.sync;

import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code crawl_watermark}: until when all modifications of a hub are known. */
@Component
class CrawlWatermarks {

  private final JdbcClient db;

  CrawlWatermarks(JdbcClient db) {
    this.db = db;
  }

  Optional<Instant> knownUntil(URI hub) {
    return db.sql("select known_until from crawl_watermark where hub = ?")
        .param(hub.toString())
        .query(OffsetDateTime.class)
        .optional()
        .map(OffsetDateTime::toInstant);
  }

  /** Never goes back. */
  void advance(URI hub, Instant knownUntil) {
    db.sql(
            """
            insert into crawl_watermark (hub, known_until) values (?, ?)
            on conflict (hub) do update
              set known_until = greatest(crawl_watermark.known_until, excluded.known_until)""")
        .params(hub.toString(), OffsetDateTime.ofInstant(knownUntil, ZoneOffset.UTC))
        .update();
  }
}
