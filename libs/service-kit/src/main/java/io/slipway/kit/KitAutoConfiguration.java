package io.slipway.kit;

import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import io.slipway.kit.errors.ErrorAnswers;
import io.slipway.kit.identity.CallerClientInterceptor;
import io.slipway.kit.identity.CallerServerInterceptor;
import io.slipway.kit.identity.PlatformCredentials;
import io.slipway.kit.names.Ids;
import io.slipway.kit.telemetry.Traces;
import java.time.Clock;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerExecutorProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.grpc.client.GlobalClientInterceptor;
import org.springframework.grpc.server.GlobalServerInterceptor;

/** Errors, identity, time and traces. */
@AutoConfiguration
class KitAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  Ids ids(Clock clock) {
    return new Ids(clock);
  }

  @Bean
  Traces traces(Tracer tracer, Propagator propagator) {
    return new Traces(tracer, propagator);
  }

  @Bean
  ErrorAnswers errorAnswers() {
    return new ErrorAnswers();
  }

  @Bean
  PlatformCredentials platformCredentials(
      @Value("${slipway.identity.platform-secret}") String secret) {
    return new PlatformCredentials(secret);
  }

  @Bean
  @GlobalServerInterceptor
  @Order(0)
  @ConditionalOnMissingBean
  // A public port is guarded by something else.
  @ConditionalOnBooleanProperty(name = "slipway.identity.platform-only", matchIfMissing = true)
  CallerServerInterceptor callerServerInterceptor(PlatformCredentials credentials) {
    return new CallerServerInterceptor(credentials);
  }

  @Bean
  @GlobalClientInterceptor
  CallerClientInterceptor callerClientInterceptor(PlatformCredentials credentials) {
    return new CallerClientInterceptor(credentials);
  }

  /** A call mostly waits: for the database, for another service. */
  @Bean
  GrpcServerExecutorProvider grpcServerExecutorProvider() {
    return Executors::newVirtualThreadPerTaskExecutor;
  }
}
