package io.slipway.worker;

import io.slipway.artifacts.CheckoutCache;
import io.slipway.artifacts.FileSystemArtifactStore;
import io.slipway.deployment.v1.WorkerControlServiceGrpc.WorkerControlServiceStub;
import io.slipway.kit.SlipwayService;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.process.ParentWatch;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.grpc.client.ImportGrpcClients;

/** Starts an inference worker. */
@SpringBootApplication
@EnableConfigurationProperties(WorkerProperties.class)
@ImportGrpcClients(target = "deployment", types = WorkerControlServiceStub.class)
public class InferenceWorkerApplication {

  public static void main(String[] args) {
    var context = SlipwayService.run(InferenceWorkerApplication.class, "inference-worker", args);
    if (context.getBean(WorkerProperties.class).exitWithParent()) {
      ParentWatch.exitWhenParentIsGone();
    }
  }

  @Bean
  CheckoutCache checkoutCache(
      @Value("${slipway.artifacts.root:/var/lib/slipway/artifacts}") Path root,
      @Value("${slipway.artifacts.checkouts:/var/lib/slipway/checkouts}") Path checkouts) {
    return new CheckoutCache(new FileSystemArtifactStore(root), checkouts);
  }

  /** Loads libtorch at once: a device that is not there is found out before a model is taken. */
  @Bean
  ComputeExecutor computeExecutor(WorkerProperties properties) {
    return new ComputeExecutor(
        ComputeDevice.parse(properties.device()),
        properties.threads() > 0
            ? properties.threads()
            : Runtime.getRuntime().availableProcessors());
  }
}
