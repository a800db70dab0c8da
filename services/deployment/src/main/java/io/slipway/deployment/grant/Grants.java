package io.slipway.deployment.grant;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import io.slipway.deployment.v1.AcquireGrantRequest;
import io.slipway.deployment.v1.GrantedReplicas;
import io.slipway.deployment.v1.Replica;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.names.Ids;
import io.slipway.kit.names.ResourceNames;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Grants, in the table {@code compute_grant}. A holder has at most one that lives: that of its
 * newest attempt. Only a live grant changes its state.
 */
@Component
public class Grants {

  private static final String COLUMNS =
      """
      id, tenant, request, state, worker_id, replicas, error, expire_time, create_time, version""";

  private static final String SELECT = "select " + COLUMNS + " from compute_grant ";

  private static final String LIVE = " where id = ? and state in ('PENDING', 'READY')";

  private final JdbcClient db;
  private final Ids ids;

  Grants(JdbcClient db, Ids ids) {
    this.db = db;
    this.ids = ids;
  }

  /**
   * Makes a grant, or finds that of the same holder and attempt. Older ones of the holder end.
   *
   * @throws SlipwayException STALE_ATTEMPT when the holder has had a newer attempt
   */
  @Transactional
  public ComputeGrant acquire(String tenant, AcquireGrantRequest request, Duration timeToLive) {
    // Two attempts of one holder that ask at the same time come one after the other.
    db.sql("select pg_advisory_xact_lock(hashtextextended(?, 0))")
        .param("grant " + tenant + " " + request.getHolder())
        .query(row -> {});
    Optional<ComputeGrant> newest =
        db.sql(SELECT + "where tenant = ? and holder = ? order by attempt desc limit 1")
            .params(tenant, request.getHolder())
            .query(Grants::map)
            .optional();
    if (newest.isPresent()) {
      int attempt = newest.get().request().getAttempt();
      if (attempt == request.getAttempt()) {
        return newest.get();
      }
      if (attempt > request.getAttempt()) {
        throw new SlipwayException(
            ErrorCode.STALE_ATTEMPT,
            "Attempt %d of %s is older than its attempt %d, which has compute."
                .formatted(request.getAttempt(), request.getHolder(), attempt));
      }
    }
    db.sql(
            """
            update compute_grant set state = 'ENDED', update_time = now(), version = version + 1
            where tenant = ? and holder = ? and state <> 'ENDED'""")
        .params(tenant, request.getHolder())
        .update();
    return db.sql(
            """
            insert into compute_grant (id, tenant, holder, attempt, request, expire_time)
            values (?, ?, ?, ?, ?, now() + ? * interval '1 millisecond')
            returning\s"""
                + COLUMNS)
        .params(
            ids.next(),
            tenant,
            request.getHolder(),
            request.getAttempt(),
            request.toByteArray(),
            timeToLive.toMillis())
        .query(Grants::map)
        .single();
  }

  Optional<ComputeGrant> find(String tenant, String name) {
    return db.sql(SELECT + "where tenant = ? and id = ?")
        .params(tenant, ResourceNames.id(ComputeGrant.COLLECTION, name))
        .query(Grants::map)
        .optional();
  }

  ComputeGrant get(String tenant, String name) {
    return find(tenant, name).orElseThrow(() -> SlipwayException.notFound(name));
  }

  /** A grant that has failed is left as it is, and still there to say so. */
  ComputeGrant renew(String tenant, String name, Duration timeToLive) {
    return db.sql(
            """
            update compute_grant set expire_time = now() + ? * interval '1 millisecond'
            where tenant = ? and id = ? and state <> 'ENDED'
              and (expire_time > now() or state = 'FAILED')
            returning\s"""
                + COLUMNS)
        .params(timeToLive.toMillis(), tenant, ResourceNames.id(ComputeGrant.COLLECTION, name))
        .query(Grants::map)
        .optional()
        .orElseThrow(
            () ->
                new SlipwayException(
                    ErrorCode.NOT_FOUND, name + " has ended; acquire a new grant."));
  }

  void release(String tenant, String name) {
    db.sql(
            """
            update compute_grant set state = 'ENDED', update_time = now(), version = version + 1
            where tenant = ? and id = ? and state <> 'ENDED'""")
        .params(tenant, ResourceNames.id(ComputeGrant.COLLECTION, name))
        .update();
  }

  /** Ends what has expired, and forgets what ended a day ago. */
  public void expire() {
    db.sql(
            """
            update compute_grant set state = 'ENDED', update_time = now(), version = version + 1
            where state <> 'ENDED' and expire_time < now()""")
        .update();
    db.sql(
            "delete from compute_grant where state = 'ENDED' and expire_time < now() - interval '1 day'")
        .update();
  }

  /** Pending and ready, of all tenants, oldest first. */
  public List<ComputeGrant> live() {
    return db.sql(SELECT + "where state in ('PENDING', 'READY') order by create_time, id")
        .query(Grants::map)
        .list();
  }

  /** A trainer is being given the run. */
  public void assign(ComputeGrant grant, String worker) {
    db.sql("update compute_grant set worker_id = ?, version = version + 1" + LIVE)
        .params(worker, grant.id())
        .update();
  }

  public void ready(ComputeGrant grant, List<Replica> replicas) {
    db.sql(
            "update compute_grant set state = 'READY', replicas = ?, update_time = now(), version = version + 1"
                + LIVE)
        .params(
            GrantedReplicas.newBuilder().addAllReplicas(replicas).build().toByteArray(), grant.id())
        .update();
  }

  public void pend(ComputeGrant grant) {
    db.sql(
            "update compute_grant set state = 'PENDING', replicas = '', update_time = now(), version = version + 1"
                + LIVE)
        .param(grant.id())
        .update();
  }

  public void fail(ComputeGrant grant, Status error) {
    db.sql(
            "update compute_grant set state = 'FAILED', error = ?, update_time = now(), version = version + 1"
                + LIVE)
        .params(error.toByteArray(), grant.id())
        .update();
  }

  public void end(ComputeGrant grant) {
    db.sql(
            "update compute_grant set state = 'ENDED', update_time = now(), version = version + 1"
                + LIVE)
        .param(grant.id())
        .update();
  }

  private static ComputeGrant map(ResultSet row, int number) throws SQLException {
    try {
      return new ComputeGrant(
          row.getString("id"),
          row.getString("tenant"),
          AcquireGrantRequest.parseFrom(row.getBytes("request")),
          state(row),
          row.getString("worker_id"),
          row.getObject("expire_time", OffsetDateTime.class).toInstant(),
          row.getObject("create_time", OffsetDateTime.class).toInstant(),
          row.getLong("version"));
    } catch (InvalidProtocolBufferException e) {
      throw new SQLException("A grant's row cannot be read.", e);
    }
  }

  private static GrantState state(ResultSet row)
      throws SQLException, InvalidProtocolBufferException {
    String state = row.getString("state");
    return switch (state) {
      case "PENDING" -> new GrantState.Pending();
      case "READY" ->
          new GrantState.Ready(
              GrantedReplicas.parseFrom(row.getBytes("replicas")).getReplicasList());
      case "FAILED" -> new GrantState.Failed(Status.parseFrom(row.getBytes("error")));
      case "ENDED" -> new GrantState.Ended();
      default -> throw new SQLException("Unknown grant state " + state);
    };
  }
}
