package io.slipway.gateway.inference;

import io.grpc.ClientInterceptor;
import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.inference.client.InferenceClient;
import io.slipway.inference.client.InferenceClientSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class WorkersConfiguration {

  /** Calls to workers carry the same credentials and traces as calls to other services. */
  @Bean(destroyMethod = "close")
  InferenceClient inferenceClient(
      ObjectProvider<ClientInterceptor> interceptors, MeterRegistry meters) {
    return new InferenceClient(
        InferenceClientSettings.defaults(), interceptors.orderedStream().toList(), meters);
  }
}
