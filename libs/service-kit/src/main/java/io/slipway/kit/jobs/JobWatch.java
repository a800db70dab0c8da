package io.slipway.kit.jobs;

import io.grpc.stub.StreamObserver;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.watch.ResourceWatch;
import io.slipway.kit.watch.Sighting;
import java.util.Optional;
import java.util.function.Function;

/**
 * Answers a {@code Watch} call: the job now, then after each change, until it has ended or nobody
 * listens.
 */
public final class JobWatch {

  private final Jobs jobs;
  private final ResourceWatch watch;

  public JobWatch(Jobs jobs, JobProperties properties) {
    this.jobs = jobs;
    this.watch = new ResourceWatch(properties.watchInterval());
  }

  /**
   * Runs on the call's own virtual thread. A change that a slow reader has not taken is left out,
   * never the last one.
   */
  public <R> void stream(
      String collection, String name, Function<Job, R> resource, StreamObserver<R> responses) {
    String tenant = Caller.current().tenant();
    watch.stream(
        () -> {
          Job job = jobs.get(tenant, collection, name);
          return Optional.of(
              new Sighting<>(job.version(), job.state().isTerminal(), () -> resource.apply(job)));
        },
        responses);
  }
}
