package io.slipway.evaluation.job;

import io.slipway.evaluation.data.EvaluationDatasets;
import io.slipway.evaluation.data.EvaluationRows;
import io.slipway.evaluation.model.ModelCompute;
import io.slipway.evaluation.model.ModelVersions;
import io.slipway.evaluation.v1.ClassificationReport;
import io.slipway.evaluation.v1.Evaluation;
import io.slipway.events.v1.EvaluationCompleted;
import io.slipway.kit.compute.GrantedCompute;
import io.slipway.kit.events.EventPublisher;
import io.slipway.kit.jobs.Job;
import io.slipway.kit.jobs.JobHandler;
import io.slipway.kit.jobs.JobOutcome;
import io.slipway.kit.jobs.JobRun;
import io.slipway.kit.jobs.VersionPins;
import io.slipway.registry.v1.ModelVersion;
import org.springframework.stereotype.Component;

/**
 * Does an evaluation: keeps the version, gets it loaded, asks it about each row, reports. An
 * attempt that takes over from another begins with the first row: rows are cheap, and nothing
 * counts before the report.
 */
@Component
class EvaluationRun implements JobHandler {

  private final ModelVersions models;
  private final VersionPins pins;
  private final EvaluationDatasets datasets;
  private final ModelCompute compute;
  private final RowMeasurements measurements;
  private final EventPublisher events;

  EvaluationRun(
      ModelVersions models,
      VersionPins pins,
      EvaluationDatasets datasets,
      ModelCompute compute,
      RowMeasurements measurements,
      EventPublisher events) {
    this.models = models;
    this.pins = pins;
    this.datasets = datasets;
    this.compute = compute;
    this.measurements = measurements;
    this.events = events;
  }

  @Override
  public String collection() {
    return EvaluationGrpcService.COLLECTION;
  }

  @Override
  public JobOutcome run(JobRun run) throws InterruptedException {
    Evaluation evaluation = run.job().spec(Evaluation.parser());
    long total = run.job().detail(Evaluation.parser()).getRowsTotal();
    run.report(Evaluations.progress(0, total));
    ModelVersion version = models.classifier(evaluation.getModelVersion());
    pins.pin(run.job(), version.getName());
    EvaluationRows rows = datasets.open(evaluation);
    try (GrantedCompute granted = compute.acquire(run, version)) {
      granted.awaitReady(run::checkCancelled);
      ClassificationReport report =
          measurements.measure(run, rows, total, version, compute.classifier(version, granted));
      return outcome(run.job(), evaluation, report);
    }
  }

  private JobOutcome outcome(Job job, Evaluation evaluation, ClassificationReport report) {
    return new JobOutcome(
        Evaluations.progress(report.getRows(), report.getRows()).toBuilder()
            .setReport(report)
            .build(),
        () ->
            events.publish(
                job.tenant(),
                job.name(),
                job.name(),
                event ->
                    event
                        .setIgnorable(true)
                        .setEvaluationCompleted(completed(evaluation, report))));
  }

  private static EvaluationCompleted completed(Evaluation evaluation, ClassificationReport report) {
    return EvaluationCompleted.newBuilder()
        .setModelVersion(evaluation.getModelVersion())
        .setDataset(evaluation.getDataset())
        .setAccuracy(report.getAccuracy())
        .setMacroF1(report.getMacroF1())
        .setRows(report.getRows())
        .build();
  }
}
