package io.slipway.evaluation.job;

import io.slipway.evaluation.data.EvaluationDatasets;
import io.slipway.evaluation.model.ModelVersions;
import io.slipway.evaluation.v1.CreateEvaluationRequest;
import io.slipway.evaluation.v1.Evaluation;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.jobs.Job;
import io.slipway.kit.jobs.JobQueue;
import io.slipway.registry.v1.ModelVersion;
import org.springframework.stereotype.Component;

/** Accepts an evaluation only if it can be done: model, dataset, columns and labels fit. */
@Component
class StartEvaluation {

  private final ModelVersions models;
  private final EvaluationDatasets datasets;
  private final JobQueue queue;
  private final EvaluationSubjects subjects;

  StartEvaluation(
      ModelVersions models,
      EvaluationDatasets datasets,
      JobQueue queue,
      EvaluationSubjects subjects) {
    this.models = models;
    this.datasets = datasets;
    this.queue = queue;
    this.subjects = subjects;
  }

  Job start(CreateEvaluationRequest request) {
    Evaluation asked = request.getEvaluation();
    require("model_version", asked.getModelVersion(), "models/{namespace}/{model}/versions/{n}");
    require("dataset", asked.getDataset(), "datasets/{id}");
    ModelVersion version = models.classifier(asked.getModelVersion());
    long rows = datasets.open(asked).check(version.getLabelsList());
    Job job =
        queue.submit(
            EvaluationGrpcService.COLLECTION,
            request.getRequestId(),
            request,
            Evaluations.spec(asked, version.getName()),
            Evaluations.progress(0, rows));
    subjects.add(job);
    return job;
  }

  private static void require(String field, String value, String form) {
    if (value.isEmpty()) {
      throw SlipwayException.invalid("evaluation." + field + " is empty; expected " + form + ".");
    }
  }
}
