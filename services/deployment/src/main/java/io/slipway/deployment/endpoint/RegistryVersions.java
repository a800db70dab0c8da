package io.slipway.deployment.endpoint;

import io.grpc.StatusRuntimeException;
import io.slipway.kit.errors.GrpcErrors;
import io.slipway.kit.identity.Caller;
import io.slipway.registry.v1.GetModelVersionRequest;
import io.slipway.registry.v1.ModelVersion;
import io.slipway.registry.v1.PinVersionRequest;
import io.slipway.registry.v1.RegistryServiceGrpc.RegistryServiceBlockingStub;
import io.slipway.registry.v1.UnpinVersionRequest;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/** The registry's model versions. Errors of the registry come as they are. */
@Component
class RegistryVersions {

  private static final long DEADLINE_SECONDS = 5;

  private final RegistryServiceBlockingStub registry;

  RegistryVersions(RegistryServiceBlockingStub registry) {
    this.registry = registry;
  }

  /**
   * For the current caller.
   *
   * @param name a version, or a model for its latest one
   */
  ModelVersion resolve(String name) {
    return ask(
        stub -> stub.getModelVersion(GetModelVersionRequest.newBuilder().setName(name).build()));
  }

  void pin(ModelDeployment deployment) {
    owner(deployment)
        .call(
            () ->
                ask(
                    stub ->
                        stub.pinVersion(
                            PinVersionRequest.newBuilder()
                                .setName(deployment.model().getName())
                                .setHolder(deployment.name())
                                .build())));
  }

  void unpin(ModelDeployment deployment) {
    owner(deployment)
        .call(
            () ->
                ask(
                    stub ->
                        stub.unpinVersion(
                            UnpinVersionRequest.newBuilder()
                                .setName(deployment.model().getName())
                                .setHolder(deployment.name())
                                .build())));
  }

  private static Caller owner(ModelDeployment deployment) {
    return new Caller(deployment.tenant(), "services/deployment");
  }

  private <T> T ask(Function<RegistryServiceBlockingStub, T> question) {
    try {
      return question.apply(registry.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS));
    } catch (StatusRuntimeException e) {
      throw GrpcErrors.fromException(e);
    }
  }
}
