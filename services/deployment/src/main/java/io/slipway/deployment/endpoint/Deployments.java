package io.slipway.deployment.endpoint;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import io.slipway.common.v1.Device;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.paging.Page;
import io.slipway.kit.paging.PageRequest;
import io.slipway.registry.v1.ModelVersion;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Deployments, in the table {@code deployment}. A change of state never undoes a deletion. */
@Component
public class Deployments {

  private static final String SELECT =
      """
      select name, tenant, endpoint, model_version, replicas, device, state, ready_replicas, error,
        pinned, announced, create_time, update_time, version
      from deployment\s""";

  private final JdbcClient db;

  Deployments(JdbcClient db) {
    this.db = db;
  }

  void create(
      String tenant,
      String name,
      String endpoint,
      ModelVersion model,
      int replicas,
      Device device) {
    db.sql(
            """
            insert into deployment (name, tenant, endpoint, model_version, replicas, device)
            values (?, ?, ?, ?, ?, ?)""")
        .params(name, tenant, endpoint, model.toByteArray(), replicas, device.name())
        .update();
  }

  /** Of one tenant; also those that are being deleted. */
  Optional<ModelDeployment> find(String tenant, String name) {
    return db.sql(SELECT + "where tenant = ? and name = ?")
        .params(tenant, name)
        .query(Deployments::map)
        .optional();
  }

  ModelDeployment get(String tenant, String name) {
    return find(tenant, name).orElseThrow(() -> SlipwayException.notFound(name));
  }

  /** In the order of their names, which is that of their making. */
  Page<ModelDeployment> list(String tenant, String endpoint, PageRequest page) {
    var rows =
        db.sql(SELECT + "where tenant = ? and endpoint = ? and name > ? order by name limit ?")
            .params(tenant, endpoint, page.after(), page.limit())
            .query(Deployments::map)
            .list();
    return page.page(rows, ModelDeployment::name);
  }

  /** Those of an endpoint that are not being deleted. */
  List<ModelDeployment> ofEndpoint(String endpoint) {
    return db.sql(SELECT + "where endpoint = ? and state <> 'DELETING' order by name")
        .param(endpoint)
        .query(Deployments::map)
        .list();
  }

  /** Of all tenants, oldest first. */
  public List<ModelDeployment> all() {
    return db.sql(SELECT + "order by create_time, name").query(Deployments::map).list();
  }

  public void pend(String name, @Nullable Status waitingFor) {
    change(name, "PENDING", 0, waitingFor);
  }

  public void ready(String name, int replicas) {
    change(name, "READY", replicas, null);
  }

  public void fail(String name, Status error) {
    change(name, "FAILED", 0, error);
  }

  void delete(String name) {
    change(name, "DELETING", 0, null);
  }

  private void change(String name, String state, int readyReplicas, @Nullable Status error) {
    db.sql(
            """
            update deployment set state = ?, ready_replicas = ?, error = ?, update_time = now(),
              version = version + 1
            where name = ? and state <> 'DELETING'""")
        .params(
            Arrays.asList(state, readyReplicas, error == null ? null : error.toByteArray(), name))
        .update();
  }

  void pinned(String name) {
    db.sql("update deployment set pinned = true where name = ?").param(name).update();
  }

  public void announced(String name) {
    db.sql("update deployment set announced = true where name = ?").param(name).update();
  }

  /**
   * @return false when it had been removed before
   */
  boolean remove(String name) {
    return db.sql("delete from deployment where name = ? and state = 'DELETING'")
            .param(name)
            .update()
        == 1;
  }

  private static ModelDeployment map(ResultSet row, int number) throws SQLException {
    try {
      byte[] error = row.getBytes("error");
      return new ModelDeployment(
          row.getString("name"),
          row.getString("tenant"),
          row.getString("endpoint"),
          ModelVersion.parseFrom(row.getBytes("model_version")),
          row.getInt("replicas"),
          Device.valueOf(row.getString("device")),
          state(row, error == null ? null : Status.parseFrom(error)),
          row.getBoolean("pinned"),
          row.getBoolean("announced"),
          instant(row, "create_time"),
          instant(row, "update_time"),
          row.getLong("version"));
    } catch (InvalidProtocolBufferException e) {
      throw new SQLException("A deployment's row cannot be read.", e);
    }
  }

  private static DeploymentState state(ResultSet row, @Nullable Status error) throws SQLException {
    String state = row.getString("state");
    return switch (state) {
      case "PENDING" -> new DeploymentState.Pending(error);
      case "READY" -> new DeploymentState.Ready(row.getInt("ready_replicas"));
      case "FAILED" ->
          new DeploymentState.Failed(error == null ? Status.getDefaultInstance() : error);
      case "DELETING" -> new DeploymentState.Deleting();
      default -> throw new SQLException("Unknown deployment state " + state);
    };
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
