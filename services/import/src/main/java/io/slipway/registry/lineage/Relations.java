package io.slipway.registry.lineage;

import io.slipway.events.v1.Event;
import io.slipway.events.v1.ModelRegistered;
import io.slipway.registry.VersionName;
import io.slipway.registry.lineage.Relation.Kind;
import java.util.ArrayList;
import java.util.List;

/** What an event says about how resources belong together. */
final class Relations {

  private Relations() {}

  static List<Relation> of(Event event) {
    String subject = event.getSubject();
    List<Relation> relations =
        switch (event.getPayloadCase()) {
          case MODEL_REGISTERED -> ofVersion(event, event.getModelRegistered());
          case EVALUATION_COMPLETED -> {
            var evaluation = event.getEvaluationCompleted();
            yield List.of(
                new Relation(subject, Kind.MADE_FROM, evaluation.getModelVersion()),
                new Relation(subject, Kind.MADE_FROM, evaluation.getDataset()),
                new Relation(subject, Kind.ABOUT, evaluation.getModelVersion()));
          }
          case FINE_TUNE_COMPLETED -> {
            var job = event.getFineTuneCompleted();
            yield List.of(
                new Relation(subject, Kind.MADE_FROM, job.getBaseVersion()),
                new Relation(subject, Kind.MADE_FROM, job.getDataset()),
                new Relation(job.getOutputVersion(), Kind.MADE_FROM, subject));
          }
          case DEPLOYMENT_READY ->
              ofDeployment(
                  subject,
                  event.getDeploymentReady().getModelVersion(),
                  event.getDeploymentReady().getEndpoint());
          case DEPLOYMENT_DELETED ->
              ofDeployment(
                  subject,
                  event.getDeploymentDeleted().getModelVersion(),
                  event.getDeploymentDeleted().getEndpoint());
          case IMPORT_FAILED,
              DATASET_REGISTERED,
              MODEL_DELETED,
              FINE_TUNE_FAILED,
              PAYLOAD_NOT_SET ->
              List.of();
        };
    return relations.stream()
        .filter(relation -> !relation.subject().isEmpty() && !relation.object().isEmpty())
        .toList();
  }

  private static List<Relation> ofVersion(Event event, ModelRegistered fact) {
    String version = event.getSubject();
    String model = VersionName.parse(version).model().name();
    List<Relation> relations = new ArrayList<>();
    relations.add(new Relation(version, Kind.MADE_FROM, fact.getBaseVersion()));
    relations.add(new Relation(version, Kind.MADE_FROM, fact.getDataset()));
    relations.add(new Relation(version, Kind.MADE_FROM, fact.getFineTuneJob()));
    relations.add(new Relation(version, Kind.ABOUT, event.getCause()));
    // A model is the sum of its versions; and that it was deleted is part of their story.
    relations.add(new Relation(model, Kind.MADE_FROM, version));
    relations.add(new Relation(model, Kind.ABOUT, version));
    return relations;
  }

  private static List<Relation> ofDeployment(String subject, String version, String endpoint) {
    return List.of(
        new Relation(subject, Kind.MADE_FROM, version),
        new Relation(subject, Kind.ABOUT, version),
        new Relation(endpoint, Kind.MADE_FROM, subject));
  }
}
