package io.slipway.deployment.endpoint;

import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.paging.Page;
import io.slipway.kit.paging.PageRequest;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Endpoints and their traffic, in the tables {@code endpoint} and {@code traffic}. */
@Component
public class Endpoints {

  private static final String SELECT =
      "select name, tenant, display_name, create_time from endpoint ";

  private final JdbcClient db;

  Endpoints(JdbcClient db) {
    this.db = db;
  }

  void create(String tenant, String name, String displayName) {
    int made =
        db.sql(
                "insert into endpoint (name, tenant, display_name) values (?, ?, ?) on conflict do nothing")
            .params(name, tenant, displayName)
            .update();
    if (made == 0) {
      throw new SlipwayException(
          ErrorCode.ALREADY_EXISTS,
          "There is an endpoint " + name + " already, or one that is still being deleted.");
    }
  }

  Optional<ModelEndpoint> find(String tenant, String name) {
    return db.sql(SELECT + "where tenant = ? and name = ? and not deleted")
        .params(tenant, name)
        .query(Row.class)
        .optional()
        .map(this::withTraffic);
  }

  ModelEndpoint get(String tenant, String name) {
    return find(tenant, name).orElseThrow(() -> SlipwayException.notFound(name));
  }

  /** As {@link #get}; changes of the endpoint and its deployments wait for each other. */
  ModelEndpoint lock(String tenant, String name) {
    return db.sql(SELECT + "where tenant = ? and name = ? and not deleted for update")
        .params(tenant, name)
        .query(Row.class)
        .optional()
        .map(this::withTraffic)
        .orElseThrow(() -> SlipwayException.notFound(name));
  }

  /** In the order of their names. */
  Page<ModelEndpoint> list(String tenant, PageRequest page) {
    List<Row> rows =
        db.sql(SELECT + "where tenant = ? and not deleted and name > ? order by name limit ?")
            .params(tenant, page.after(), page.limit())
            .query(Row.class)
            .list();
    return page.page(rows, Row::name).map(this::withTraffic);
  }

  /** Those that shall have a route, of all tenants. */
  public List<ModelEndpoint> live() {
    return db.sql(SELECT + "where not deleted order by name").query(Row.class).list().stream()
        .map(this::withTraffic)
        .toList();
  }

  void setTraffic(String tenant, String name, Map<String, Integer> percents) {
    db.sql("delete from traffic where endpoint = ?").param(name).update();
    percents.forEach(
        (deployment, percent) ->
            db.sql(
                    "insert into traffic (endpoint, deployment, tenant, percent) values (?, ?, ?, ?)")
                .params(name, deployment, tenant, percent)
                .update());
  }

  void markDeleted(String name) {
    db.sql("delete from traffic where endpoint = ?").param(name).update();
    db.sql("update endpoint set deleted = true where name = ?").param(name).update();
  }

  /** Removes deleted endpoints whose deployments have gone. */
  public void removeDeleted() {
    db.sql(
            """
            delete from endpoint e where deleted
              and not exists (select from deployment d where d.endpoint = e.name)""")
        .update();
  }

  private ModelEndpoint withTraffic(Row row) {
    Map<String, Integer> traffic = new LinkedHashMap<>();
    db.sql("select deployment, percent from traffic where endpoint = ? order by deployment")
        .param(row.name())
        .query(
            rows -> {
              traffic.put(rows.getString(1), rows.getInt(2));
            });
    return new ModelEndpoint(
        row.name(), row.tenant(), row.displayName(), traffic, row.createTime().toInstant());
  }

  record Row(String name, String tenant, String displayName, OffsetDateTime createTime) {}
}
