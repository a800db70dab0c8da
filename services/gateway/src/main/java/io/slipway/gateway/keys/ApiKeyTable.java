package io.slipway.gateway.keys;

import io.slipway.kit.identity.Caller;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** The keys in force, in memory: requests are let in without asking anyone. */
@Component
class ApiKeyTable {

  private final Map<String, Caller> callers = new ConcurrentHashMap<>();

  /** A revoked key never comes back, also not from a topic that has not heard of it yet. */
  private final Set<String> revoked = ConcurrentHashMap.newKeySet();

  Optional<Caller> find(KeyHash hash) {
    return revoked.contains(hash.hex())
        ? Optional.empty()
        : Optional.ofNullable(callers.get(hash.hex()));
  }

  /**
   * @param name apiKeys/{id}
   */
  void put(KeyHash hash, String tenant, String name) {
    callers.put(hash.hex(), new Caller(tenant, name));
  }

  void revoke(KeyHash hash) {
    revoked.add(hash.hex());
    callers.remove(hash.hex());
  }
}
