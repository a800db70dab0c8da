package io.slipway.gateway.keys;

import io.namastack.outbox.Outbox;
import io.slipway.identity.v1.ApiKeyEntry;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.paging.Page;
import io.slipway.kit.paging.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The keys in the database. A change and the notice of it to all gateways commit together; this
 * gateway knows of it at once.
 */
@Component
class ApiKeys {

  private static final String COLUMNS = "id, tenant, display_name, hash, create_time, revoke_time";

  private final JdbcClient db;
  private final TransactionTemplate transaction;
  private final Outbox outbox;
  private final ApiKeyTable table;

  ApiKeys(JdbcClient db, TransactionTemplate transaction, Outbox outbox, ApiKeyTable table) {
    this.db = db;
    this.transaction = transaction;
    this.outbox = outbox;
    this.table = table;
  }

  /** Stores a key, unless there is one with this hash. */
  void add(StoredKey key) {
    transaction.executeWithoutResult(
        _ -> {
          int added =
              db.sql(
                      """
                      insert into api_key (id, tenant, display_name, hash, create_time)
                      values (?, ?, ?, ?, ?) on conflict (hash) do nothing""")
                  .params(
                      key.id(),
                      key.tenant(),
                      key.displayName(),
                      key.hash().hex(),
                      key.createTime().atOffset(ZoneOffset.UTC))
                  .update();
          if (added == 1) {
            announce(key);
          }
        });
    byHash(key.hash()).ifPresent(this::know);
  }

  Page<StoredKey> list(String tenant, PageRequest page) {
    List<StoredKey> keys =
        db.sql(
                "select "
                    + COLUMNS
                    + " from api_key where tenant = ? and revoke_time is null and id > ?"
                    + " order by id limit ?")
            .params(tenant, page.after(), page.limit())
            .query(ApiKeys::read)
            .list();
    return page.page(keys, StoredKey::id);
  }

  /**
   * @throws SlipwayException NOT_FOUND also for a key of another tenant, or one revoked before
   */
  void revoke(String tenant, String id) {
    StoredKey revoked =
        transaction.execute(
            _ -> {
              StoredKey key =
                  db.sql(
                          "update api_key set revoke_time = now()"
                              + " where tenant = ? and id = ? and revoke_time is null returning "
                              + COLUMNS)
                      .params(tenant, id)
                      .query(ApiKeys::read)
                      .optional()
                      .orElseThrow(
                          () -> SlipwayException.notFound(StoredKey.COLLECTION + "/" + id));
              announce(key);
              return key;
            });
    if (revoked != null) {
      know(revoked);
    }
  }

  /** Tells this gateway's table of every key there is. */
  void knowAll() {
    db.sql("select " + COLUMNS + " from api_key").query(ApiKeys::read).list().forEach(this::know);
  }

  Optional<StoredKey> byHash(KeyHash hash) {
    return db.sql("select " + COLUMNS + " from api_key where hash = ?")
        .param(hash.hex())
        .query(ApiKeys::read)
        .optional();
  }

  private void know(StoredKey key) {
    if (key.revoked()) {
      table.revoke(key.hash());
    } else {
      table.put(key.hash(), key.tenant(), key.name());
    }
  }

  /** The relay looks up what has become of the key when it publishes. */
  private void announce(StoredKey key) {
    outbox.schedule(
        ApiKeyEntry.newBuilder().setName(key.name()).setTenant(key.tenant()).build(),
        key.hash().hex());
  }

  private static StoredKey read(ResultSet row, int number) throws SQLException {
    Timestamp created = row.getTimestamp(5);
    return new StoredKey(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        new KeyHash(row.getString(4)),
        created.toInstant(),
        row.getTimestamp(6) != null);
  }
}
