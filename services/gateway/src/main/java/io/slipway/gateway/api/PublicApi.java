package io.slipway.gateway.api;

import com.google.api.HttpRule;
import io.grpc.ServiceDescriptor;
import io.slipway.catalog.v1.CatalogServiceGrpc;
import io.slipway.dataset.v1.DatasetServiceGrpc;
import io.slipway.deployment.v1.DeploymentServiceGrpc;
import io.slipway.evaluation.v1.EvaluationServiceGrpc;
import io.slipway.finetune.v1.FineTuneServiceGrpc;
import io.slipway.gateway.inference.EndpointPredictions;
import io.slipway.gateway.keys.ApiKeyAdministration;
import io.slipway.identity.v1.ApiKeyServiceGrpc;
import io.slipway.identity.v1.CreateApiKeyRequest;
import io.slipway.identity.v1.DeleteApiKeyRequest;
import io.slipway.identity.v1.ListApiKeysRequest;
import io.slipway.imports.v1.ImportServiceGrpc;
import io.slipway.inference.v1.InferenceServiceGrpc;
import io.slipway.inference.v1.PredictRequest;
import io.slipway.registry.v1.LineageServiceGrpc;
import io.slipway.registry.v1.RegistryServiceGrpc;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.grpc.client.GrpcChannelFactory;
import org.springframework.stereotype.Component;

/**
 * The services that the gateway offers. REST, the public gRPC port and the OpenAPI document are all
 * made from this list; what is not on it cannot be reached from outside.
 */
@Component
public class PublicApi {

  private static final HttpRule PREDICT =
      HttpRule.newBuilder().setPost("/slipway/v1/{model=endpoints/*}:predict").setBody("*").build();

  private final List<PublicService> services;
  private final Map<String, Backend.Remote> remotes;

  PublicApi(
      GrpcChannelFactory channels, ApiKeyAdministration keys, EndpointPredictions predictions) {
    this.remotes =
        Map.of(
            "catalog", remote(channels, "catalog"),
            "import", remote(channels, "import"),
            "evaluation", remote(channels, "evaluation"),
            "fine-tune", remote(channels, "fine-tune"),
            "deployment", remote(channels, "deployment"));
    Backend.Local local =
        new Backend.Local()
            .with(
                ApiKeyServiceGrpc.getCreateApiKeyMethod(), CreateApiKeyRequest.class, keys::create)
            .with(ApiKeyServiceGrpc.getListApiKeysMethod(), ListApiKeysRequest.class, keys::list)
            .with(
                ApiKeyServiceGrpc.getDeleteApiKeyMethod(), DeleteApiKeyRequest.class, keys::delete)
            .with(
                InferenceServiceGrpc.getPredictMethod(),
                PredictRequest.class,
                predictions::predict);
    this.services =
        List.of(
            of(CatalogServiceGrpc.getServiceDescriptor(), "catalog"),
            of(ImportServiceGrpc.getServiceDescriptor(), "import"),
            of(RegistryServiceGrpc.getServiceDescriptor(), "import"),
            of(LineageServiceGrpc.getServiceDescriptor(), "import"),
            PublicService.of(
                DatasetServiceGrpc.getServiceDescriptor(),
                backend("import"),
                Set.of("UploadDataset")),
            of(EvaluationServiceGrpc.getServiceDescriptor(), "evaluation"),
            of(FineTuneServiceGrpc.getServiceDescriptor(), "fine-tune"),
            of(DeploymentServiceGrpc.getServiceDescriptor(), "deployment"),
            PublicService.of(ApiKeyServiceGrpc.getServiceDescriptor(), local, Set.of()),
            PublicService.of(InferenceServiceGrpc.getServiceDescriptor(), local, PREDICT));
  }

  private PublicService of(ServiceDescriptor descriptor, String backend) {
    return PublicService.of(descriptor, backend(backend), Set.of());
  }

  private static Backend.Remote remote(GrpcChannelFactory channels, String name) {
    return new Backend.Remote("The " + name + " service", channels.createChannel(name));
  }

  /**
   * Another service of the platform.
   *
   * @param name of its channel, such as "import"
   */
  public Backend.Remote backend(String name) {
    Backend.Remote remote = remotes.get(name);
    if (remote == null) {
      throw new IllegalArgumentException("There is no channel \"" + name + "\".");
    }
    return remote;
  }

  public List<PublicService> services() {
    return services;
  }
}
