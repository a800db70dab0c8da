package io.slipway.gateway.keys;

import io.slipway.gateway.GatewayProperties;
import io.slipway.kit.identity.Caller;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.stereotype.Component;

/** Counts what each key has in flight, so that one client cannot take everything. */
@Component
public class RequestsInFlight {

  private final int limit;
  private final ConcurrentMap<String, Integer> counts = new ConcurrentHashMap<>();

  RequestsInFlight(GatewayProperties properties) {
    this.limit = properties.limits().concurrentRequestsPerKey();
  }

  public int limit() {
    return limit;
  }

  /** One request; closing it twice does no harm. */
  public final class Permit implements AutoCloseable {
    private final String key;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private Permit(String key) {
      this.key = key;
    }

    @Override
    public void close() {
      if (open.compareAndSet(true, false)) {
        counts.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
      }
    }
  }

  /** Empty when the key has as many as it may have. */
  public Optional<Permit> begin(Caller caller) {
    int count = counts.merge(caller.principal(), 1, Integer::sum);
    Permit permit = new Permit(caller.principal());
    if (count > limit) {
      permit.close();
      return Optional.empty();
    }
    return Optional.of(permit);
  }
}
