package io.slipway.imports.smoke;

import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.deployment.v1.ComputeServiceGrpc.ComputeServiceBlockingStub;
import io.slipway.inference.client.InferenceClient;
import io.slipway.inference.client.InferenceClientSettings;
import io.slipway.kit.identity.CallerClientInterceptor;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.ImportGrpcClients;

/** How workers are found and called. */
@Configuration(proxyBeanMethods = false)
@ImportGrpcClients(target = "deployment", types = ComputeServiceBlockingStub.class)
class SmokeConfiguration {

  @Bean
  InferenceClient inferenceClient(CallerClientInterceptor credentials, MeterRegistry meters) {
    return new InferenceClient(InferenceClientSettings.defaults(), List.of(credentials), meters);
  }
}
