package io.slipway.evaluation.model;

import io.slipway.evaluation.EvaluationProperties;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.registry.v1.GetModelVersionRequest;
import io.slipway.registry.v1.ModelVersion;
import io.slipway.registry.v1.RegistryServiceGrpc.RegistryServiceBlockingStub;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** The registry's model versions, as far as an evaluation can measure them. */
@Component
public class ModelVersions {

  private static final String TEXT_CLASSIFICATION = "text-classification";

  private final RegistryServiceBlockingStub registry;
  private final EvaluationProperties properties;

  ModelVersions(RegistryServiceBlockingStub registry, EvaluationProperties properties) {
    this.registry = registry;
    this.properties = properties;
  }

  /**
   * @param name a version, or a model for its latest version
   * @throws SlipwayException INVALID_ARGUMENT when the version is for another task, or has no
   *     labels yet
   */
  public ModelVersion classifier(String name) {
    ModelVersion version =
        registry
            .withDeadlineAfter(properties.callTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .getModelVersion(GetModelVersionRequest.newBuilder().setName(name).build());
    if (!version.getTask().equals(TEXT_CLASSIFICATION)) {
      throw SlipwayException.invalid(
          "%s is for %s; evaluations measure %s."
              .formatted(version.getName(), version.getTask(), TEXT_CLASSIFICATION));
    }
    if (version.getLabelsCount() == 0) {
      throw SlipwayException.invalid(
          version.getName() + " has no classification head, so no labels; fine-tune it first.");
    }
    return version;
  }
}
