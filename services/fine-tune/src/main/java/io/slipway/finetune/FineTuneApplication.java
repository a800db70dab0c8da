package io.slipway.finetune;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.FileSystemArtifactStore;
import io.slipway.dataset.v1.DatasetServiceGrpc.DatasetServiceBlockingStub;
import io.slipway.deployment.v1.ComputeServiceGrpc.ComputeServiceBlockingStub;
import io.slipway.imports.v1.ImportServiceGrpc.ImportServiceBlockingStub;
import io.slipway.kit.SlipwayService;
import io.slipway.kit.jobs.VersionPins;
import io.slipway.registry.v1.RegistryServiceGrpc.RegistryServiceBlockingStub;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.grpc.client.ImportGrpcClients;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Starts the service. */
@SpringBootApplication
@EnableScheduling
@EnableConfigurationProperties(FineTuneProperties.class)
@ImportGrpcClients(
    target = "import",
    types = {
      RegistryServiceBlockingStub.class,
      DatasetServiceBlockingStub.class,
      ImportServiceBlockingStub.class
    })
@ImportGrpcClients(target = "deployment", types = ComputeServiceBlockingStub.class)
public class FineTuneApplication {

  public static void main(String[] args) {
    SlipwayService.run(FineTuneApplication.class, "fine-tune", args);
  }

  @Bean
  ArtifactStore artifactStore(FineTuneProperties properties) {
    return new FileSystemArtifactStore(properties.artifacts().root());
  }

  @Bean
  VersionPins versionPins(
      JdbcClient db, RegistryServiceBlockingStub registry, FineTuneProperties properties) {
    return new VersionPins(db, registry, properties.fineTune().callDeadline());
  }
}
