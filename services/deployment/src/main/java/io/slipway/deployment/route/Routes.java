package io.slipway.deployment.route;

import com.google.protobuf.InvalidProtocolBufferException;
import io.namastack.outbox.Outbox;
import io.slipway.deployment.v1.Route;
import io.slipway.deployment.v1.RouteChanged;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The routes that were published last, in the table {@code route_version}. A route that differs
 * from its last one gets the next version and goes to the outbox, in the caller's transaction.
 */
@Component
public class Routes {

  private final JdbcClient db;
  private final Outbox outbox;

  Routes(JdbcClient db, Outbox outbox) {
    this.db = db;
    this.outbox = outbox;
  }

  /**
   * Publishes what has changed, and a tombstone for every endpoint that has a route and is not
   * among these.
   *
   * @param routes of all endpoints, without versions
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public void publish(Collection<Route> routes) {
    Map<String, Published> published = published();
    for (Route route : routes) {
      Published last = published.remove(route.getEndpoint());
      if (last == null || !route.equals(last.route())) {
        long version = last == null ? 1 : last.version() + 1;
        store(route.getEndpoint(), route.getTenant(), version, route);
        send(route.getEndpoint(), route.toBuilder().setVersion(version).build());
      }
    }
    published.forEach(
        (endpoint, last) -> {
          if (last.route() != null) {
            store(endpoint, last.tenant(), last.version() + 1, null);
            send(endpoint, null);
          }
        });
  }

  /** The workers that routes lead to. */
  public Collection<Route> current() {
    return published().values().stream().map(Published::route).filter(Objects::nonNull).toList();
  }

  private void send(String endpoint, @Nullable Route route) {
    RouteChanged.Builder change = RouteChanged.newBuilder().setEndpoint(endpoint);
    if (route != null) {
      change.setRoute(route);
    }
    outbox.schedule(change.build(), endpoint);
  }

  private void store(String endpoint, String tenant, long version, @Nullable Route route) {
    db.sql(
            """
            insert into route_version (endpoint, tenant, version, route) values (?, ?, ?, ?)
            on conflict (endpoint) do update set
              tenant = excluded.tenant, version = excluded.version, route = excluded.route""")
        .params(
            Arrays.asList(endpoint, tenant, version, route == null ? null : route.toByteArray()))
        .update();
  }

  private Map<String, Published> published() {
    Map<String, Published> byEndpoint = new HashMap<>();
    db.sql("select endpoint, tenant, version, route from route_version")
        .query(
            row -> {
              byEndpoint.put(row.getString("endpoint"), map(row));
            });
    return byEndpoint;
  }

  private static Published map(ResultSet row) throws SQLException {
    try {
      byte[] route = row.getBytes("route");
      return new Published(
          row.getString("tenant"),
          row.getLong("version"),
          route == null ? null : Route.parseFrom(route));
    } catch (InvalidProtocolBufferException e) {
      throw new SQLException("A route's row cannot be read.", e);
    }
  }

  /**
   * @param route without its version; null when the endpoint is gone
   */
  private record Published(String tenant, long version, @Nullable Route route) {}
}
