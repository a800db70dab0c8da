package io.slipway.finetune.run;

import com.google.rpc.Status;
import io.slipway.events.v1.FineTuneCompleted;
import io.slipway.events.v1.FineTuneFailed;
import io.slipway.finetune.job.FineTuneJobs;
import io.slipway.finetune.v1.FineTuneJob;
import io.slipway.finetune.v1.FineTuneRun;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.events.EventPublisher;
import io.slipway.kit.jobs.Job;
import io.slipway.kit.jobs.JobHandler;
import io.slipway.kit.jobs.JobOutcome;
import io.slipway.kit.jobs.JobRun;
import org.springframework.stereotype.Component;

/**
 * Carries a job through: training, unless an earlier attempt has the result already, then
 * registration. Each step finds out for itself what has been done.
 */
@Component
class FineTuneHandler implements JobHandler {

  private final RunHoldings holdings;
  private final Training training;
  private final ResultImport imports;
  private final EventPublisher events;

  FineTuneHandler(
      RunHoldings holdings, Training training, ResultImport imports, EventPublisher events) {
    this.holdings = holdings;
    this.training = training;
    this.imports = imports;
    this.events = events;
  }

  @Override
  public String collection() {
    return FineTuneJobs.COLLECTION;
  }

  @Override
  public JobOutcome run(JobRun run) throws InterruptedException {
    Job job = run.job();
    FineTuneJob spec = FineTuneJobs.spec(job);
    holdings.hold(job, spec.getBaseVersion());
    FineTuneRun trained = training.await(run);
    String version = imports.register(run, spec, trained);
    FineTuneRun done =
        trained.toBuilder()
            .setOutputs(trained.getOutputs().toBuilder().setOutputVersion(version))
            .build();
    return new JobOutcome(done, () -> publishCompleted(job, spec, done));
  }

  private void publishCompleted(Job job, FineTuneJob spec, FineTuneRun done) {
    events.publish(
        job.tenant(),
        job.name(),
        job.name(),
        event ->
            event.setFineTuneCompleted(
                FineTuneCompleted.newBuilder()
                    .setBaseVersion(spec.getBaseVersion())
                    .setDataset(spec.getDataset())
                    .setOutputVersion(done.getOutputs().getOutputVersion())
                    .setValidationAccuracy(done.getResult().getBest().getAccuracy())
                    .setSteps(done.getOutputs().getProgress().getStep())));
  }

  @Override
  public void onFailed(Job job, Status error) {
    events.publish(
        job.tenant(),
        job.name(),
        job.name(),
        event ->
            event.setFineTuneFailed(
                FineTuneFailed.newBuilder()
                    .setReason(GrpcErrors.codeOf(error).name())
                    .setMessage(error.getMessage())));
  }
}
