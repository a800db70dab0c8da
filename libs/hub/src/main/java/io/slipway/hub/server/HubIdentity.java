package io.slipway.hub.server;

import java.util.Optional;

/** Knows whose tokens are whose, for {@code whoami}. */
@FunctionalInterface
public interface HubIdentity {

  /** A hub that everybody may read and that issues no tokens. */
  HubIdentity NOBODY = token -> Optional.empty();

  /** The name of the token's user, or empty when the token is not valid. */
  Optional<String> userOf(String token);
}
