package io.slipway.trainer.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.FileSystemArtifactStore;
import io.slipway.common.v1.JobState;
import io.slipway.dataset.v1.DatasetFormat;
import io.slipway.deployment.v1.Grant;
import io.slipway.embedded.testing.SharedInfrastructure;
import io.slipway.events.v1.Event;
import io.slipway.finetune.testing.ComputeStandIn;
import io.slipway.finetune.testing.RunningFineTune;
import io.slipway.finetune.v1.FineTuneJob;
import io.slipway.imports.testing.Neighbours;
import io.slipway.imports.testing.Platform;
import io.slipway.imports.testing.PlatformClient;
import io.slipway.imports.testing.Upload;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.process.ChildProcess;
import io.slipway.registry.v1.GetLineageRequest;
import io.slipway.registry.v1.ListModelVersionsRequest;
import io.slipway.registry.v1.ModelVersion;
import io.slipway.trainer.testing.ControlStandIn.Connected;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The fine-tune service, the import service with its registry, and trainers, all real. Of the
 * deployment service there is only as much as brings grants and trainers together.
 */
public final class FineTunePlatform implements AutoCloseable {

  private static final int CHUNK = 64 * 1024;

  /** What users ask of the fine-tune service. */
  public final RunningFineTune fineTune;

  /** The same user, at the import service. */
  public final PlatformClient imports;

  /** What the import service has asked for, to try models. */
  public final Neighbours importing;

  private final Path directory;
  private final ControlStandIn control = new ControlStandIn();
  private final ComputeStandIn compute = new ComputeStandIn();
  private final Server deployment;
  private final Platform importService;

  public FineTunePlatform(Path directory) throws IOException {
    this.directory = directory;
    this.importing = new Neighbours(directory);
    this.importService =
        Platform.start(
            importing,
            SharedInfrastructure.newDatabase(),
            "--slipway.identity.platform-secret=" + RunningFineTune.SECRET);
    this.imports =
        new PlatformClient(importService.port(), RunningFineTune.OWNER, RunningFineTune.SECRET);
    this.deployment =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(control)
            .addService(compute)
            .build()
            .start();
    this.fineTune =
        RunningFineTune.start(
            SharedInfrastructure.newDatabase(),
            local(importService.port()),
            local(deployment.getPort()),
            importing.artifacts);
    control.onReport(this::assignWhatWaits);
    control.onLoss(this::failWhatItRan);
    compute.onChange(this::stopWhatHasEnded);
  }

  private static String local(int port) {
    return "static://127.0.0.1:" + port;
  }

  public ArtifactStore store() {
    return new FileSystemArtifactStore(importing.artifacts);
  }

  /** The directory of a repository of the hub, which a test fills. */
  public Path repository(String modelId) throws IOException {
    return Files.createDirectories(importing.repositories.resolve(modelId));
  }

  /** Imports a repository and gives the name of the version. */
  public String imported(String modelId) {
    return imports.awaitEnd(imports.importModel(modelId)).getModelVersion();
  }

  /** Uploads a dataset and gives its name. */
  public String dataset(DatasetFormat format, String content) {
    return Upload.of(imports, format, "", content.getBytes(StandardCharsets.UTF_8), CHUNK)
        .dataset()
        .getName();
  }

  /** All versions of a model. */
  public List<ModelVersion> versions(String modelId) {
    return imports
        .registry
        .listModelVersions(
            ListModelVersionsRequest.newBuilder().setParent("models/" + modelId).build())
        .getModelVersionsList();
  }

  /** Subjects of the events that led to something, as far as the import service has heard. */
  public List<String> lineage(String subject) {
    return imports
        .lineage
        .getLineage(GetLineageRequest.newBuilder().setSubject(subject).build())
        .getEventsList()
        .stream()
        .map(Event::getSubject)
        .toList();
  }

  public ChildProcess startTrainer(String name) {
    return TrainerJvm.start(
        importing.artifacts,
        directory.resolve("work"),
        name,
        local(deployment.getPort()),
        local(fineTune.port()));
  }

  /** Waits for a trainer that has nothing to do. */
  public void awaitTrainer() {
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> control.connected().stream().anyMatch(Connected::isIdle));
  }

  public FineTuneJob awaitEnd(FineTuneJob job, JobState state) {
    await()
        .atMost(Duration.ofSeconds(120))
        .untilAsserted(() -> assertThat(fineTune.state(job.getName())).isEqualTo(state));
    return fineTune.get(job.getName());
  }

  /**
   * What the deployment service does, in its simplest form: an idle trainer gets the grant that
   * waits.
   */
  private void assignWhatWaits(Connected trainer) {
    if (trainer.isIdle()) {
      compute.pending().ifPresent(grant -> trainer.assign(grant.getHolder(), grant.getAttempt()));
    } else {
      compute
          .current(trainer.state().getRun().getJob())
          .filter(grant -> grant.getState() == Grant.State.STATE_PENDING)
          .ifPresent(compute::ready);
    }
  }

  private void failWhatItRan(Connected trainer) {
    compute
        .current(trainer.state().getRun().getJob())
        .ifPresent(grant -> compute.fail(grant, ErrorCode.WORKER_LOST, "its process has died"));
  }

  private void stopWhatHasEnded(Grant grant) {
    if (grant.getState() == Grant.State.STATE_ENDED) {
      control
          .connected()
          .forEach(trainer -> trainer.stopRun(grant.getHolder(), grant.getAttempt()));
    }
  }

  @Override
  public void close() {
    fineTune.close();
    deployment.shutdownNow();
    imports.close();
    importService.close();
    importing.close();
  }
}
