package io.slipway.kit.watch;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers a {@code Watch} call: the resource now, then after each change, until it has come to an
 * end or nobody listens.
 *
 * @param interval between two looks
 */
public record ResourceWatch(Duration interval) {

  /**
   * Runs on the call's own virtual thread. A change that a slow reader has not taken is left out,
   * never the last one.
   *
   * @param look empty when the resource is gone, which ends the stream
   */
  public <R> void stream(Supplier<Optional<Sighting<R>>> look, StreamObserver<R> responses) {
    var call = (ServerCallStreamObserver<R>) responses;
    long seen = 0;
    try {
      while (!call.isCancelled()) {
        Sighting<R> sighting = look.get().orElse(null);
        if (sighting != null && sighting.version() != seen && (sighting.last() || call.isReady())) {
          call.onNext(sighting.resource().get());
          seen = sighting.version();
        }
        if (sighting == null || sighting.last()) {
          call.onCompleted();
          return;
        }
        Thread.sleep(interval);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
