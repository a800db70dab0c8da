package io.slipway.inference.client;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptor;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import io.slipway.deployment.v1.Replica;
import io.slipway.inference.v1.InferenceServiceGrpc;
import io.slipway.inference.v1.PredictRequest;
import io.slipway.inference.v1.PredictResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The connection to one worker process, its breaker and its load. The counters are guarded by the
 * pool's lock.
 */
final class ReplicaConnection {

  private final Replica replica;
  private final ManagedChannel channel;
  private final CircuitBreaker breaker;
  private int inFlight;
  private long lastUsedNanos;

  ReplicaConnection(
      Replica replica,
      InferenceClientSettings settings,
      List<ClientInterceptor> interceptors,
      long nowNanos) {
    this.replica = replica;
    this.lastUsedNanos = nowNanos;
    this.channel =
        Grpc.newChannelBuilder(replica.getAddress(), InsecureChannelCredentials.create())
            .intercept(interceptors)
            .maxInboundMessageSize(settings.largestMessage())
            // Closes the connection by itself; the pool then forgets the channel.
            .idleTimeout(settings.idle().toMillis(), TimeUnit.MILLISECONDS)
            .build();
    this.breaker =
        CircuitBreaker.of(
            replica.getAddress(),
            CircuitBreakerConfig.custom()
                .failureRateThreshold(settings.failurePercent())
                .slidingWindow(
                    settings.window(), settings.minimumCalls(), SlidingWindowType.COUNT_BASED)
                .waitDurationInOpenState(settings.openFor())
                .permittedNumberOfCallsInHalfOpenState(settings.trialCalls())
                .build());
  }

  Replica replica() {
    return replica;
  }

  CircuitBreaker breaker() {
    return breaker;
  }

  int inFlight() {
    return inFlight;
  }

  void begin() {
    inFlight++;
  }

  void end(long nowNanos) {
    inFlight--;
    lastUsedNanos = nowNanos;
  }

  boolean isUnusedSince(long nanos) {
    return inFlight == 0 && lastUsedNanos - nanos < 0;
  }

  /** Blocks for the answer, until the deadline, the context's cancellation or an interrupt. */
  PredictResponse predict(PredictRequest request, SendWatch watch, long remainingNanos) {
    return ClientCalls.blockingUnaryCall(
        channel,
        InferenceServiceGrpc.getPredictMethod(),
        CallOptions.DEFAULT
            .withDeadlineAfter(remainingNanos, TimeUnit.NANOSECONDS)
            .withStreamTracerFactory(watch),
        request);
  }

  void shutdown() {
    channel.shutdown();
  }

  void shutdownNow() {
    channel.shutdownNow();
  }
}
