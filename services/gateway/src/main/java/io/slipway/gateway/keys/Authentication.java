package io.slipway.gateway.keys;

import io.slipway.kit.errors.ErrorCode;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.identity.Caller;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds out who shows a key, the same way for REST and gRPC. */
@Component
public class Authentication {

  private static final String SCHEME = "Bearer ";

  private final ApiKeyTable table;

  Authentication(ApiKeyTable table) {
    this.table = table;
  }

  /**
   * @param authorization value of the header; null when there is none
   * @throws SlipwayException UNAUTHENTICATED
   */
  public Caller caller(@Nullable String authorization) {
    if (authorization == null || authorization.isBlank()) {
      throw refusal("This needs an API key: Authorization: Bearer sk-slipway-...");
    }
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw refusal("The Authorization header must be of the form: Bearer sk-slipway-...");
    }
    String secret = authorization.substring(SCHEME.length()).strip();
    return table
        .find(KeyHash.of(secret))
        .orElseThrow(() -> refusal("The API key is not known, or has been revoked."));
  }

  private static SlipwayException refusal(String message) {
    return new SlipwayException(ErrorCode.UNAUTHENTICATED, message);
  }
}
