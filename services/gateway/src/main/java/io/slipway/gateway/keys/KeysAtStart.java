package io.slipway.gateway.keys;

import io.slipway.gateway.GatewayProperties;
import io.slipway.kit.names.Ids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Makes sure of the bootstrap key, and reads all keys from the database, before the first request:
 * the topic may be away.
 */
@Component
class KeysAtStart implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(KeysAtStart.class);
  private static final String TENANT = "default";
  private static final int SHORTEST = 20;

  private final ApiKeys keys;
  private final Ids ids;
  private final Clock clock;
  private final GatewayProperties properties;
  private volatile boolean running;

  KeysAtStart(ApiKeys keys, Ids ids, Clock clock, GatewayProperties properties) {
    this.keys = keys;
    this.ids = ids;
    this.clock = clock;
    this.properties = properties;
  }

  @Override
  public void start() {
    running = true;
    String secret = bootstrapKey();
    try {
      if (!secret.isEmpty()) {
        keys.add(
            new StoredKey(
                ids.next(), TENANT, "bootstrap", KeyHash.of(secret), clock.instant(), false));
      }
      keys.knowAll();
    } catch (DataAccessException | TransactionException away) {
      log.warn("The database is away; keys come from the topic alone: {}", away.toString());
    }
  }

  private String bootstrapKey() {
    String given = properties.bootstrapApiKey();
    Path file = properties.bootstrapApiKeyFile();
    String secret = given == null ? "" : given.strip();
    if (secret.isEmpty() && file != null) {
      try {
        secret = Files.readString(file).strip();
      } catch (IOException e) {
        throw new IllegalStateException(
            "slipway.gateway.bootstrap-api-key-file " + file + " cannot be read.", e);
      }
    }
    if (!secret.isEmpty() && secret.length() < SHORTEST) {
      throw new IllegalStateException(
          "The bootstrap key has "
              + secret.length()
              + " characters; it needs at least "
              + SHORTEST
              + ".");
    }
    return secret;
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Before the servers. */
  @Override
  public int getPhase() {
    return 0;
  }
}
