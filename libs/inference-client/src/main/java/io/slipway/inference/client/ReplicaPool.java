package io.slipway.inference.client;

import io.grpc.ClientInterceptor;
import io.slipway.deployment.v1.Replica;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The connections of a client, one for each worker process: a new process at an old address gets a
 * new one, and a fresh breaker.
 */
final class ReplicaPool implements AutoCloseable {

  private final InferenceClientSettings settings;
  private final List<ClientInterceptor> interceptors;
  private final Map<Replica, ReplicaConnection> connections = new HashMap<>();
  private boolean closed;

  ReplicaPool(InferenceClientSettings settings, List<ClientInterceptor> interceptors) {
    this.settings = settings;
    this.interceptors = List.copyOf(interceptors);
  }

  /**
   * The least loaded of some replicas whose breaker lets a call through. The call counts as in
   * flight from here; every pick is followed by one {@link #release}.
   *
   * @return empty when all breakers are open
   */
  synchronized Optional<ReplicaConnection> pick(List<Replica> replicas) {
    if (closed) {
      throw new IllegalStateException("The inference client is closed.");
    }
    List<ReplicaConnection> candidates = new ArrayList<>();
    replicas.stream().distinct().forEach(replica -> candidates.add(connection(replica)));
    // Equals stay in random order under a stable sort.
    Collections.shuffle(candidates);
    candidates.sort(Comparator.comparingInt(ReplicaConnection::inFlight));
    for (ReplicaConnection candidate : candidates) {
      if (candidate.breaker().tryAcquirePermission()) {
        candidate.begin();
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  synchronized void release(ReplicaConnection connection) {
    connection.end(System.nanoTime());
  }

  private ReplicaConnection connection(Replica replica) {
    ReplicaConnection known = connections.get(replica);
    if (known != null) {
      return known;
    }
    closeUnused();
    ReplicaConnection made =
        new ReplicaConnection(replica, settings, interceptors, System.nanoTime());
    connections.put(replica, made);
    return made;
  }

  private void closeUnused() {
    long since = System.nanoTime() - settings.idle().toNanos();
    connections
        .values()
        .removeIf(
            connection -> {
              boolean unused = connection.isUnusedSince(since);
              if (unused) {
                connection.shutdown();
              }
              return unused;
            });
  }

  synchronized int size() {
    return connections.size();
  }

  /** Cancels the calls in flight. */
  @Override
  public synchronized void close() {
    closed = true;
    connections.values().forEach(ReplicaConnection::shutdownNow);
    connections.clear();
  }
}
