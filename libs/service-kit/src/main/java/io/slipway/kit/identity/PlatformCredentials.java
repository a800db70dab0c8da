package io.slipway.kit.identity;

import io.grpc.Metadata;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The secret that the platform's own processes share: who shows it may speak for any tenant. */
public final class PlatformCredentials {

  static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> TENANT =
      Metadata.Key.of("slipway-tenant", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> PRINCIPAL =
      Metadata.Key.of("slipway-principal", Metadata.ASCII_STRING_MARSHALLER);

  private static final String SCHEME = "Slipway-Platform ";

  private final byte[] header;

  public PlatformCredentials(String secret) {
    if (secret.length() < 16) {
      throw new IllegalArgumentException(
          "slipway.identity.platform-secret needs at least 16 characters; it has "
              + secret.length()
              + ".");
    }
    this.header = (SCHEME + secret).getBytes(StandardCharsets.US_ASCII);
  }

  String header() {
    return new String(header, StandardCharsets.US_ASCII);
  }

  /** Compares in constant time. */
  boolean matches(@Nullable String authorization) {
    return authorization != null
        && MessageDigest.isEqual(header, authorization.getBytes(StandardCharsets.US_ASCII));
  }
}
