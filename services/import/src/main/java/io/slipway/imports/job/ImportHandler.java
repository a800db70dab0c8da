package io.slipway.imports.job;

import com.google.rpc.Status;
import io.slipway.artifacts.StoredFile;
import io.slipway.events.v1.ImportFailed;
import io.slipway.imports.ImportProperties;
import io.slipway.imports.hub.FetchedModel;
import io.slipway.imports.hub.HubFetch;
import io.slipway.imports.smoke.SmokeRun;
import io.slipway.imports.v1.FineTuneSource;
import io.slipway.imports.v1.HubSource;
import io.slipway.imports.v1.Import;
import io.slipway.imports.v1.ImportProgress.Step;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.events.EventPublisher;
import io.slipway.kit.jobs.Job;
import io.slipway.kit.jobs.JobHandler;
import io.slipway.kit.jobs.JobOutcome;
import io.slipway.kit.jobs.JobRun;
import io.slipway.modelfiles.InspectedCheckpoint;
import io.slipway.modelfiles.Task;
import io.slipway.registry.ModelId;
import io.slipway.registry.ModelRegistry;
import io.slipway.registry.NewVersion;
import io.slipway.registry.VersionOrigin.FromFineTune;
import io.slipway.registry.VersionOrigin.FromHub;
import java.time.Clock;
import org.springframework.stereotype.Component;

/** Runs an import. Each step may be repeated; only the last one changes the registry. */
@Component
class ImportHandler implements JobHandler {

  private final HubFetch hub;
  private final Verification verification;
  private final SmokeRun smokeRun;
  private final ModelRegistry registry;
  private final Imports imports;
  private final EventPublisher events;
  private final ImportProperties properties;
  private final Clock clock;

  ImportHandler(
      HubFetch hub,
      Verification verification,
      SmokeRun smokeRun,
      ModelRegistry registry,
      Imports imports,
      EventPublisher events,
      ImportProperties properties,
      Clock clock) {
    this.hub = hub;
    this.verification = verification;
    this.smokeRun = smokeRun;
    this.registry = registry;
    this.imports = imports;
    this.events = events;
    this.properties = properties;
    this.clock = clock;
  }

  @Override
  public String collection() {
    return Imports.COLLECTION;
  }

  @Override
  public JobOutcome run(JobRun run) throws InterruptedException {
    Job job = run.job();
    ProgressReport progress = new ProgressReport(run, properties.progressInterval(), clock);
    Candidate candidate = candidate(job.spec(Import.parser()), progress);
    progress.step(Step.STEP_VERIFYING);
    InspectedCheckpoint checkpoint = verification.verify(candidate.files());
    if (checkpoint.verdict().servable()) {
      progress.step(Step.STEP_SMOKE_RUN);
      smokeRun.run(run, candidate.files(), checkpoint.labels());
    }
    NewVersion version = version(candidate, checkpoint, job.name());
    return new JobOutcome(
        progress.registering(),
        () -> imports.addResult(job, registry.register(job.tenant(), version)));
  }

  private Candidate candidate(Import spec, ProgressReport progress) throws InterruptedException {
    return switch (spec.getSourceCase()) {
      case HUB -> fromHub(spec.getHub(), progress);
      case FINE_TUNE -> fromFineTune(spec.getFineTune());
      case SOURCE_NOT_SET -> throw new IllegalStateException("An import without a source.");
    };
  }

  private Candidate fromHub(HubSource source, ProgressReport progress) throws InterruptedException {
    progress.step(Step.STEP_RESOLVING);
    FetchedModel fetched =
        hub.fetch(source.getModelId(), source.getRevision(), progress::downloading);
    return new Candidate(
        ModelId.ofHub(source.getModelId()),
        fetched.files(),
        new FromHub(source.getModelId(), source.getRevision(), fetched.commit()),
        fetched.task());
  }

  private static Candidate fromFineTune(FineTuneSource source) {
    return new Candidate(
        ModelId.parse(source.getModelId()),
        source.getFilesList().stream().map(StoredFile::fromProto).toList(),
        new FromFineTune(source.getFineTuneJob(), source.getBaseVersion(), source.getDataset()),
        source.getTask());
  }

  private static NewVersion version(
      Candidate candidate, InspectedCheckpoint checkpoint, String importName) {
    return new NewVersion(
        candidate.model(),
        checkpoint.task(Task.ofPipelineTag(candidate.task())).map(Task::pipelineTag).orElse(""),
        checkpoint.modelType(),
        checkpoint.labels(),
        checkpoint.parameterCount(),
        candidate.files(),
        importName,
        candidate.origin(),
        checkpoint.verdict().servable());
  }

  @Override
  public void onFailed(Job job, Status error) {
    ImportFailed fact =
        ImportFailed.newBuilder()
            .setReason(GrpcErrors.codeOf(error).name())
            .setMessage(error.getMessage())
            .build();
    events.publish(job.tenant(), job.name(), job.name(), event -> event.setImportFailed(fact));
  }
}
