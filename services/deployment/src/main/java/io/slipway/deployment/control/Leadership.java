package io.slipway.deployment.control;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Who acts: the instance that has an advisory lock of PostgreSQL, which lasts as long as the
 * connection that took it.
 */
@Component("leads")
class Leadership implements BooleanSupplier {

  private static final Logger log = LoggerFactory.getLogger(Leadership.class);

  private static final String TRY =
      "select pg_try_advisory_lock(hashtextextended('deployment leader ' || current_schema(), 0))";

  private static final int PATIENCE_SECONDS = 2;

  enum Standing {
    /** Another instance acts. */
    STANDBY,
    LEADER,
    /** This one led until the database went away, and nobody else is known to. */
    SUSPENDED
  }

  private final DataSource database;
  private final Clock clock;
  private @Nullable Connection connection;
  private volatile Standing standing = Standing.STANDBY;
  private volatile @Nullable Instant since;

  Leadership(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Whether worker streams are taken here. */
  @Override
  public boolean getAsBoolean() {
    return standing != Standing.STANDBY;
  }

  /** Since when this instance has led without another one in between; empty on a standby. */
  Optional<Instant> since() {
    return Optional.ofNullable(since);
  }

  /** Takes, keeps or misses the lead. */
  Standing look() {
    try {
      if (connection != null && connection.isValid(PATIENCE_SECONDS)) {
        return standing;
      }
      close();
      connection = database.getConnection();
      become(tryLock(connection) ? Standing.LEADER : Standing.STANDBY);
    } catch (SQLException e) {
      log.warn("The database does not say who leads: {}", e.getMessage());
      close();
      if (standing == Standing.LEADER) {
        become(Standing.SUSPENDED);
      }
    }
    if (standing == Standing.STANDBY) {
      // The lock is asked for anew at the next look; the connection goes back to the pool.
      close();
    }
    return standing;
  }

  private static boolean tryLock(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(TRY)) {
      return row.next() && row.getBoolean(1);
    }
  }

  private void become(Standing next) {
    if (next == standing) {
      return;
    }
    log.info("This instance is {} now", next);
    if (standing == Standing.STANDBY) {
      since = clock.instant();
    }
    if (next == Standing.STANDBY) {
      since = null;
    }
    standing = next;
  }

  /** Gives up the lead, so that another instance takes it at once. */
  void resign() {
    become(Standing.STANDBY);
    close();
  }

  private void close() {
    if (connection == null) {
      return;
    }
    try (Connection closing = connection) {
      connection = null;
      // A pooled connection keeps its session, and with it the lock.
      try (var statement = closing.createStatement()) {
        statement.execute("select pg_advisory_unlock_all()");
      }
    } catch (SQLException e) {
      log.debug("The leader's connection had ended", e);
    }
  }
}
