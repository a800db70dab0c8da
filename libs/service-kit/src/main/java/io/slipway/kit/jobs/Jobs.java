package io.slipway.kit.jobs;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.rpc.Status;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.names.ResourceNames;
import io.slipway.kit.paging.Page;
import io.slipway.kit.paging.PageRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * The jobs of a service, in its table {@code job}. The database's clock decides about leases, so
 * that the clocks of the processes need not agree. A write of a run names its attempt, and changes
 * nothing when another attempt has the job.
 */
public class Jobs {

  private static final String COLUMNS =
      """
      id, tenant, collection, spec, detail, state, attempt, cancel_requested, error, traceparent,
      create_time, start_time, end_time, update_time, version""";

  private static final String HELD = " where id = ? and attempt = ? and state = 'RUNNING'";

  private final JdbcClient db;

  public Jobs(JdbcClient db) {
    this.db = db;
  }

  /** Adds a job to the queue, in the caller's transaction. */
  public void enqueue(NewJob job) {
    db.sql(
            "insert into job (id, tenant, collection, spec, detail, traceparent) values (?, ?, ?, ?, ?, ?)")
        .params(
            job.id(),
            job.tenant(),
            job.collection(),
            job.spec().toByteArray(),
            job.detail().toByteArray(),
            job.traceparent())
        .update();
  }

  /**
   * @param name {@code collection/id}
   * @throws SlipwayException NOT_FOUND, or INVALID_ARGUMENT for a name of another form
   */
  public Job get(String tenant, String collection, String name) {
    String id = ResourceNames.id(collection, name);
    return db.sql("select " + COLUMNS + " from job where tenant = ? and collection = ? and id = ?")
        .params(tenant, collection, id)
        .query(JobRows::map)
        .optional()
        .orElseThrow(() -> SlipwayException.notFound(name));
  }

  /** Newest first. */
  public Page<Job> list(String tenant, String collection, PageRequest page) {
    var rows =
        db.sql(
                "select "
                    + COLUMNS
                    + " from job where tenant = ? and collection = ?"
                    + " and (? = '' or id < ?) order by id desc limit ?")
            .params(tenant, collection, page.after(), page.after(), page.limit())
            .query(JobRows::map)
            .list();
    return page.page(rows, Job::id);
  }

  /**
   * Asks a job to stop. A queued one is cancelled at once, a running one by its run; an ended one
   * stays as it is.
   *
   * @return the job after the request
   */
  public Job requestCancel(String tenant, String collection, String name) {
    String id = ResourceNames.id(collection, name);
    db.sql(
            """
            update job set
              cancel_requested = true,
              state = case state when 'QUEUED' then 'CANCELLED' else state end,
              end_time = case state when 'QUEUED' then now() end,
              update_time = now(), version = version + 1
            where tenant = ? and collection = ? and id = ? and state in ('QUEUED', 'RUNNING')
              and not cancel_requested""")
        .params(tenant, collection, id)
        .update();
    return get(tenant, collection, name);
  }

  /**
   * Changes a job's detail on behalf of a helper outside this process, such as a trainer, that
   * works for one attempt.
   *
   * @param change from the detail as it is to what it shall be; runs with the row locked
   * @return whether the user has asked the job to stop
   * @throws SlipwayException STALE_ATTEMPT when another attempt has the job, or it has ended
   */
  @Transactional
  public boolean change(
      String collection, String name, int attempt, Function<Job, ? extends Message> change) {
    Job job =
        db.sql(
                "select "
                    + COLUMNS
                    + " from job where collection = ? and id = ? and attempt = ? and state = 'RUNNING' for update")
            .params(collection, ResourceNames.id(collection, name), attempt)
            .query(JobRows::map)
            .optional()
            .orElseThrow(
                () ->
                    new SlipwayException(
                        ErrorCode.STALE_ATTEMPT,
                        "Attempt "
                            + attempt
                            + " no longer holds "
                            + name
                            + "; stop and leave it as it is."));
    return updateDetail(new JobLease(job.id(), attempt, ""), change.apply(job));
  }

  /**
   * Takes the oldest job that waits, or whose lease has run out, for a new attempt. Two processes
   * that ask at once get different jobs.
   */
  Optional<Job> claim(String collection, String owner, Duration lease) {
    return db.sql(
            """
            update job set state = 'RUNNING', attempt = attempt + 1, lease_owner = ?,
              lease_until = now() + ? * interval '1 millisecond',
              start_time = coalesce(start_time, now()), update_time = now(), version = version + 1
            where id = (
              select id from job
              where collection = ? and ((state = 'QUEUED' and not_before <= now())
                or (state = 'RUNNING' and lease_until < now()))
              order by not_before, id for update skip locked limit 1)
            returning\s"""
                + COLUMNS)
        .params(owner, lease.toMillis(), collection)
        .query(JobRows::map)
        .optional();
  }

  /**
   * Holds on to a job for another while.
   *
   * @return whether the user has asked the job to stop
   */
  boolean renew(JobLease lease, Duration time) {
    return db.sql(
            "update job set lease_until = now() + ? * interval '1 millisecond'"
                + HELD
                + " returning cancel_requested")
        .params(time.toMillis(), lease.jobId(), lease.attempt())
        .query(Boolean.class)
        .optional()
        .orElseThrow(() -> new LostLeaseException(lease));
  }

  /**
   * @return whether the user has asked the job to stop
   */
  boolean updateDetail(JobLease lease, Message detail) {
    return db.sql(
            "update job set detail = ?, update_time = now(), version = version + 1"
                + HELD
                + " returning cancel_requested")
        .params(detail.toByteArray(), lease.jobId(), lease.attempt())
        .query(Boolean.class)
        .optional()
        .orElseThrow(() -> new LostLeaseException(lease));
  }

  void succeed(JobLease lease, Message detail) {
    end(lease, "SUCCEEDED", detail.toByteString(), null);
  }

  void fail(JobLease lease, ByteString detail, Status error) {
    end(lease, "FAILED", detail, error.toByteArray());
  }

  void cancel(JobLease lease, ByteString detail) {
    end(lease, "CANCELLED", detail, null);
  }

  /** Puts a job back to be tried again, by any process, after a while. */
  void requeue(JobLease lease, Duration delay) {
    requireHeld(
        lease,
        db.sql(
                """
                update job set state = 'QUEUED', lease_owner = null, lease_until = null,
                  not_before = now() + ? * interval '1 millisecond', update_time = now(), version = version + 1"""
                    + HELD)
            .params(delay.toMillis(), lease.jobId(), lease.attempt())
            .update());
  }

  /** The job's detail as the run has last reported it. */
  ByteString detailOf(JobLease lease) {
    return db.sql("select detail from job where id = ?")
        .params(lease.jobId())
        .query((row, n) -> ByteString.copyFrom(row.getBytes(1)))
        .single();
  }

  private void end(JobLease lease, String state, ByteString detail, byte @Nullable [] error) {
    requireHeld(
        lease,
        db.sql(
                """
                update job set state = ?, detail = ?, error = ?, lease_owner = null, lease_until = null,
                  end_time = now(), update_time = now(), version = version + 1"""
                    + HELD)
            .params(
                Arrays.asList(state, detail.toByteArray(), error, lease.jobId(), lease.attempt()))
            .update());
  }

  private static void requireHeld(JobLease lease, int rows) {
    if (rows == 0) {
      throw new LostLeaseException(lease);
    }
  }
}
