package io.slipway.evaluation;

import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.FileSystemArtifactStore;
import io.slipway.dataset.v1.DatasetServiceGrpc;
import io.slipway.deployment.v1.ComputeServiceGrpc;
import io.slipway.inference.client.InferenceClient;
import io.slipway.inference.client.InferenceClientSettings;
import io.slipway.kit.SlipwayService;
import io.slipway.kit.identity.CallerClientInterceptor;
import io.slipway.kit.jobs.VersionPins;
import io.slipway.registry.v1.RegistryServiceGrpc;
import java.nio.file.Path;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.grpc.client.ImportGrpcClients;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The evaluation service. */
@SpringBootApplication
@EnableScheduling
@EnableConfigurationProperties(EvaluationProperties.class)
@ImportGrpcClients(
    target = "import",
    types = {
      RegistryServiceGrpc.RegistryServiceBlockingStub.class,
      DatasetServiceGrpc.DatasetServiceBlockingStub.class
    })
@ImportGrpcClients(
    target = "deployment",
    types = ComputeServiceGrpc.ComputeServiceBlockingStub.class)
public class EvaluationApplication {

  public static void main(String[] args) {
    SlipwayService.run(EvaluationApplication.class, "evaluation", args);
  }

  @Bean
  ArtifactStore artifactStore(
      @Value("${slipway.artifacts.root:/var/lib/slipway/artifacts}") Path root) {
    return new FileSystemArtifactStore(root);
  }

  @Bean
  VersionPins versionPins(
      JdbcClient db,
      RegistryServiceGrpc.RegistryServiceBlockingStub registry,
      EvaluationProperties properties) {
    return new VersionPins(db, registry, properties.callTimeout());
  }

  @Bean
  InferenceClient inferenceClient(CallerClientInterceptor credentials, MeterRegistry meters) {
    return new InferenceClient(InferenceClientSettings.defaults(), List.of(credentials), meters);
  }
}
