package io.slipway.finetune.run;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.StatusRuntimeException;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.ArtifactStoreException;
import io.slipway.artifacts.Digest;
import io.slipway.common.v1.ArtifactFile;
import io.slipway.finetune.FineTuneProperties;
import io.slipway.finetune.job.FineTuneJobs;
import io.slipway.finetune.v1.FineTuneRun;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.jobs.Job;
import io.slipway.registry.v1.PinVersionRequest;
import io.slipway.registry.v1.RegistryServiceGrpc.RegistryServiceBlockingStub;
import io.slipway.registry.v1.UnpinVersionRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * What jobs hold outside this service until they have ended. Written down before it is taken, so
 * that whoever finds the job ended, however it did, can let go of it.
 */
@Component
class RunHoldings {

  private static final String STAMPED = ".safetensors";
  private static final Logger log = LoggerFactory.getLogger(RunHoldings.class);

  private final JdbcClient db;
  private final RegistryServiceBlockingStub registry;
  private final ArtifactStore store;
  private final long deadlineMillis;

  RunHoldings(
      JdbcClient db,
      RegistryServiceBlockingStub registry,
      ArtifactStore store,
      FineTuneProperties properties) {
    this.db = db;
    this.registry = registry;
    this.store = store;
    this.deadlineMillis = properties.fineTune().callDeadline().toMillis();
  }

  /** Keeps the base version from being deleted until the job has ended. */
  void hold(Job job, String baseVersion) {
    db.sql(
            """
            insert into run_holding (job_id, tenant, base_version) values (?, ?, ?)
            on conflict do nothing""")
        .params(job.id(), job.tenant(), baseVersion)
        .update();
    registry
        .withDeadlineAfter(deadlineMillis, TimeUnit.MILLISECONDS)
        .pinVersion(
            PinVersionRequest.newBuilder().setName(baseVersion).setHolder(job.name()).build());
  }

  private record Holding(String jobId, String tenant, String baseVersion, byte[] detail) {}

  /** Lets go of what ended jobs hold. Several processes may do so at once. */
  @Scheduled(fixedDelayString = "${slipway.fine-tune.sweep:1s}")
  void letGo() {
    List<Holding> ended =
        db.sql(
                """
                select h.job_id, h.tenant, h.base_version, j.detail
                from run_holding h join job j on j.id = h.job_id
                where j.state in ('SUCCEEDED', 'FAILED', 'CANCELLED')""")
            .query(
                (row, n) ->
                    new Holding(
                        row.getString(1), row.getString(2), row.getString(3), row.getBytes(4)))
            .list();
    for (Holding holding : ended) {
      try {
        letGo(holding);
      } catch (StatusRuntimeException | ArtifactStoreException e) {
        log.warn("{} still holds {}: {}", name(holding), holding.baseVersion, e.getMessage());
      }
    }
  }

  private void letGo(Holding holding) {
    new Caller(holding.tenant, "services/fine-tune")
        .call(
            () ->
                registry
                    .withDeadlineAfter(deadlineMillis, TimeUnit.MILLISECONDS)
                    .unpinVersion(
                        UnpinVersionRequest.newBuilder()
                            .setName(holding.baseVersion)
                            .setHolder(name(holding))
                            .build()));
    checkpointOnly(parse(holding)).forEach(store::delete);
    db.sql("delete from run_holding where job_id = ?").param(holding.jobId).update();
  }

  /**
   * Weights of the last checkpoint that nothing else of the job refers to. Trainers stamp weights
   * with their attempt, so no other job has the same; small files, such as a configuration, may be
   * what another job's result is made of, and stay.
   */
  static Set<Digest> checkpointOnly(FineTuneRun run) {
    Set<Digest> digests =
        new HashSet<>(
            digests(
                run.getCheckpoint().getFilesList().stream()
                    .filter(file -> file.getPath().endsWith(STAMPED))));
    digests.removeAll(
        digests(
            Stream.concat(
                run.getBaseFilesList().stream(), run.getResult().getFilesList().stream())));
    return digests;
  }

  private static Set<Digest> digests(Stream<ArtifactFile> files) {
    return files.map(ArtifactFile::getSha256).map(Digest::of).collect(Collectors.toSet());
  }

  private static FineTuneRun parse(Holding holding) {
    try {
      return FineTuneRun.parseFrom(ByteString.copyFrom(holding.detail));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(name(holding) + " holds a message that cannot be read.", e);
    }
  }

  private static String name(Holding holding) {
    return FineTuneJobs.COLLECTION + "/" + holding.jobId;
  }
}
