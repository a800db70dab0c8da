package io.slipway.gateway.inference;

import io.slipway.deployment.v1.Route;
import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;

/** Where each endpoint's requests go, in memory. */
@Component
public class RouteTable {

  private final Map<String, Route> routes = new ConcurrentHashMap<>();
  private final Object changed = new Object();

  /** Takes a route, unless a newer version of it is known. */
  void put(Route route) {
    routes.merge(
        route.getEndpoint(),
        route,
        (known, given) -> given.getVersion() < known.getVersion() ? known : given);
    wakeWaiters();
  }

  void remove(String endpoint) {
    routes.remove(endpoint);
    wakeWaiters();
  }

  private void wakeWaiters() {
    synchronized (changed) {
      changed.notifyAll();
    }
  }

  /**
   * @param endpoint endpoints/{endpoint}
   */
  public Optional<Route> find(String tenant, String endpoint) {
    return Optional.ofNullable(routes.get(endpoint))
        .filter(route -> route.getTenant().equals(tenant));
  }

  /**
   * The tenant's routes to any version of a model, by endpoint name.
   *
   * @param modelId namespace/model
   */
  public List<Route> servingModel(String tenant, String modelId) {
    String versions = "models/" + modelId + "/versions/";
    return routes.values().stream()
        .filter(route -> route.getTenant().equals(tenant))
        .filter(
            route ->
                route.getTargetsList().stream()
                    .anyMatch(target -> target.getModelVersion().startsWith(versions)))
        .sorted(Comparator.comparing(Route::getEndpoint))
        .toList();
  }

  /**
   * Waits until an endpoint's route is as wanted, but no longer than so; returns the last one. A
   * route that is not known yet is waited for too: routes come a moment after what they tell of.
   *
   * @throws SlipwayException CANCELLED when the thread is interrupted
   */
  public Optional<Route> await(
      String tenant, String endpoint, Predicate<Route> wanted, Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    synchronized (changed) {
      while (true) {
        Optional<Route> route = find(tenant, endpoint);
        long left = (end - System.nanoTime()) / 1_000_000;
        if (route.filter(wanted).isPresent() || left <= 0) {
          return route;
        }
        waitForChange(endpoint, left);
      }
    }
  }

  private void waitForChange(String endpoint, long millis) {
    try {
      changed.wait(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(
          ErrorCode.CANCELLED, "The wait for " + endpoint + " was given up.", e);
    }
  }
}
