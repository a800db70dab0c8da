package io.slipway.trainer;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.CheckoutCache;
import io.slipway.artifacts.FileSystemArtifactStore;
import io.slipway.deployment.v1.WorkerControlServiceGrpc.WorkerControlServiceStub;
import io.slipway.finetune.v1.TrainingServiceGrpc.TrainingServiceBlockingStub;
import io.slipway.kit.SlipwayService;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.ComputeExecutor;
import io.slipway.process.ParentWatch;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.grpc.client.ImportGrpcClients;

/** Starts a trainer. */
@SpringBootApplication
@EnableConfigurationProperties(TrainerProperties.class)
@ImportGrpcClients(target = "fine-tune", types = TrainingServiceBlockingStub.class)
@ImportGrpcClients(target = "deployment", types = WorkerControlServiceStub.class)
public class TrainerApplication {

  public static void main(String[] args) {
    SlipwayService.run(TrainerApplication.class, "trainer", args);
  }

  @Bean
  ArtifactStore artifactStore(TrainerProperties properties) {
    return new FileSystemArtifactStore(properties.artifacts().root());
  }

  @Bean
  CheckoutCache checkoutCache(ArtifactStore store, TrainerProperties properties) {
    return new CheckoutCache(store, properties.artifacts().checkouts());
  }

  /** Loads libtorch at once: a device that is not there is found out before a run is taken. */
  @Bean
  ComputeExecutor computeExecutor(TrainerProperties properties) {
    int threads = properties.trainer().threads();
    return new ComputeExecutor(
        ComputeDevice.parse(properties.trainer().device()),
        threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
  }

  /** Ends the process as if it had been told to. */
  @Bean
  ProcessExit processExit(ConfigurableApplicationContext context, TrainerProperties properties) {
    if (properties.worker().exitWithParent()) {
      ParentWatch.exitWhenParentIsGone();
    }
    return () ->
        Thread.ofPlatform().name("exit").start(() -> System.exit(SpringApplication.exit(context)));
  }
}
