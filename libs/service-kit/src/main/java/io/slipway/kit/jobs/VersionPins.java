package io.slipway.kit.jobs;

import io.grpc.StatusRuntimeException;
import io.slipway.kit.identity.Caller;
import io.slipway.registry.v1.PinVersionRequest;
import io.slipway.registry.v1.RegistryServiceGrpc.RegistryServiceBlockingStub;
import io.slipway.registry.v1.UnpinVersionRequest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Has the registry keep the version that a job works on until the job has ended. A pin is written
 * down, in the service's table {@code version_pin}, before it is asked for and crossed out after it
 * has been let go, so that no crash leaves one behind that nobody knows of. Not the run lets go of
 * it, since a run that has lost its job would take the pin from the run that has it now.
 */
public final class VersionPins {

  private static final Logger log = LoggerFactory.getLogger(VersionPins.class);

  private final JdbcClient db;
  private final RegistryServiceBlockingStub registry;
  private final Duration callTimeout;

  /**
   * @param callTimeout how long a call to the registry may take
   */
  public VersionPins(JdbcClient db, RegistryServiceBlockingStub registry, Duration callTimeout) {
    this.db = db;
    this.registry = registry;
    this.callTimeout = callTimeout;
  }

  /** Repeating it changes nothing. */
  public void pin(Job job, String modelVersion) {
    db.sql(
            """
            insert into version_pin (job_id, tenant, model_version) values (?, ?, ?)
            on conflict do nothing""")
        .params(job.id(), job.tenant(), modelVersion)
        .update();
    registry()
        .pinVersion(
            PinVersionRequest.newBuilder().setName(modelVersion).setHolder(job.name()).build());
  }

  private record Pin(Job job, String modelVersion) {}

  /**
   * Lets go of the pins of jobs that have ended. Several processes may do so at once.
   *
   * @param freeing what else is let go of with the job; when it throws, all of it is tried again
   */
  public void letGoOfEnded(Consumer<Job> freeing) {
    db.sql(
            """
            select j.*, p.model_version
            from version_pin p join job j on j.id = p.job_id
            where j.state in ('SUCCEEDED', 'FAILED', 'CANCELLED') limit 100""")
        .query((row, n) -> new Pin(JobRows.map(row, n), row.getString("model_version")))
        .list()
        .forEach(pin -> letGo(pin, freeing));
  }

  private void letGo(Pin pin, Consumer<Job> freeing) {
    Job job = pin.job;
    try {
      new Caller(job.tenant(), job.name())
          .call(
              () ->
                  registry()
                      .unpinVersion(
                          UnpinVersionRequest.newBuilder()
                              .setName(pin.modelVersion)
                              .setHolder(job.name())
                              .build()));
      freeing.accept(job);
      db.sql("delete from version_pin where job_id = ?").param(job.id()).update();
    } catch (StatusRuntimeException e) {
      log.warn("{} still holds {}: {}", job.name(), pin.modelVersion, e.getMessage());
    } catch (RuntimeException e) {
      // One job that cannot be freed shall not keep the others.
      log.warn("{} still holds {}", job.name(), pin.modelVersion, e);
    }
  }

  private RegistryServiceBlockingStub registry() {
    return registry.withDeadlineAfter(callTimeout.toMillis(), TimeUnit.MILLISECONDS);
  }
}
