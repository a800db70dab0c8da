package io.slipway.evaluation.model;

import io.grpc.StatusRuntimeException;
import io.slipway.evaluation.EvaluationProperties;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.jobs.Job;
import io.slipway.registry.v1.PinVersionRequest;
import io.slipway.registry.v1.RegistryServiceGrpc.RegistryServiceBlockingStub;
import io.slipway.registry.v1.UnpinVersionRequest;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Keeps a version in the registry until its evaluation has ended. Not the run lets go of it, since
 * a run that has lost its job would take the pin from the run that has it now.
 */
@Component
public class VersionPins {

  private static final Logger log = LoggerFactory.getLogger(VersionPins.class);

  private final JdbcClient db;
  private final RegistryServiceBlockingStub registry;
  private final EvaluationProperties properties;

  VersionPins(
      JdbcClient db, RegistryServiceBlockingStub registry, EvaluationProperties properties) {
    this.db = db;
    this.registry = registry;
    this.properties = properties;
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

  @Scheduled(fixedDelayString = "${slipway.evaluation.pin-sweep:1s}")
  void letGoOfEnded() {
    db.sql(
            """
            select p.job_id, p.tenant, j.collection || '/' || j.id as holder, p.model_version
            from version_pin p join job j on j.id = p.job_id
            where j.state in ('SUCCEEDED', 'FAILED', 'CANCELLED') limit 100""")
        .query(Pin.class)
        .list()
        .forEach(this::letGo);
  }

  private void letGo(Pin pin) {
    try {
      new Caller(pin.tenant, pin.holder)
          .call(
              () ->
                  registry()
                      .unpinVersion(
                          UnpinVersionRequest.newBuilder()
                              .setName(pin.modelVersion)
                              .setHolder(pin.holder)
                              .build()));
      db.sql("delete from version_pin where job_id = ?").param(pin.jobId).update();
    } catch (StatusRuntimeException e) {
      log.warn(
          "{} cannot let go of {} now, and tries again: {}",
          pin.holder,
          pin.modelVersion,
          e.getMessage());
    }
  }

  private RegistryServiceBlockingStub registry() {
    return registry.withDeadlineAfter(properties.callTimeout().toMillis(), TimeUnit.MILLISECONDS);
  }

  private record Pin(String jobId, String tenant, String holder, String modelVersion) {}
}
