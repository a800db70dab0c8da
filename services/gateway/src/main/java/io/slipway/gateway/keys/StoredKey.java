package io.slipway.gateway.keys;

import java.time.Instant;

/**
 * A key as the database has it.
 *
 * @param displayName what its owner calls it; may be empty
 */
record StoredKey(
    String id,
    String tenant,
    String displayName,
    KeyHash hash,
    Instant createTime,
    boolean revoked) {

  static final String COLLECTION = "apiKeys";

  String name() {
    return COLLECTION + "/" + id;
  }
}
