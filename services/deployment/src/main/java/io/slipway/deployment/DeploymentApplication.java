package io.slipway.deployment;

import io.slipway.kit.SlipwayService;
import io.slipway.registry.v1.RegistryServiceGrpc;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.grpc.client.ImportGrpcClients;

/** The deployment service. */
@SpringBootApplication
@EnableConfigurationProperties(DeploymentProperties.class)
@ImportGrpcClients(target = "import", types = RegistryServiceGrpc.RegistryServiceBlockingStub.class)
public class DeploymentApplication {

  public static void main(String[] args) {
    SlipwayService.run(DeploymentApplication.class, "deployment", args);
  }
}
