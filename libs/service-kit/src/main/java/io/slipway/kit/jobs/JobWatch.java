package io.slipway.kit.jobs;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.slipway.kit.identity.Caller;
import java.util.function.Function;

/**
 * Answers a {@code Watch} call: the job now, then after each change, until it has ended or nobody
 * listens.
 */
public final class JobWatch {

  private final Jobs jobs;
  private final JobProperties properties;

  public JobWatch(Jobs jobs, JobProperties properties) {
    this.jobs = jobs;
    this.properties = properties;
  }

  /**
   * Runs on the call's own virtual thread. A change that a slow reader has not taken is left out,
   * never the last one.
   */
  public <R> void stream(
      String collection, String name, Function<Job, R> resource, StreamObserver<R> responses) {
    var call = (ServerCallStreamObserver<R>) responses;
    String tenant = Caller.current().tenant();
    long seen = 0;
    try {
      while (!call.isCancelled()) {
        Job job = jobs.get(tenant, collection, name);
        boolean ended = job.state().isTerminal();
        if (job.version() != seen && (ended || call.isReady())) {
          call.onNext(resource.apply(job));
          seen = job.version();
        }
        if (ended) {
          call.onCompleted();
          return;
        }
        Thread.sleep(properties.watchInterval());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
