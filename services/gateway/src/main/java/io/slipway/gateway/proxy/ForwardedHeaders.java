package io.slipway.gateway.proxy;

import io.grpc.Metadata;
import java.util.List;

/** Takes out of a caller's metadata what only the platform may say. */
final class ForwardedHeaders {

  private static final String PLATFORM = "slipway-";

  private ForwardedHeaders() {}

  /** The caller's key stays here, and nobody outside names a tenant. */
  static Metadata of(Metadata given) {
    Metadata forwarded = new Metadata();
    forwarded.merge(given);
    for (String name : List.copyOf(forwarded.keys())) {
      if (name.equals("authorization") || name.startsWith(PLATFORM)) {
        discard(forwarded, name);
      }
    }
    return forwarded;
  }

  private static void discard(Metadata metadata, String name) {
    if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
      metadata.discardAll(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER));
    } else {
      metadata.discardAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }
  }
}
