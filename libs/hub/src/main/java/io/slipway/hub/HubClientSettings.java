package io.slipway.hub;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where the hub is and how long to be patient with it.
 *
 * @param endpoint such as {@code https://huggingface.co}; http or https, may have a path
 * @param token asked before each request, sent to the endpoint's own host only
 * @param maxJsonBytes longest answer that is parsed
 */
public record HubClientSettings(
    URI endpoint,
    Supplier<Optional<String>> token,
    Timeouts timeouts,
    Retries retries,
    int maxJsonBytes) {

  private static final int DEFAULT_MAX_JSON_BYTES = 64 << 20;

  /**
   * @throws IllegalArgumentException when the endpoint is no http or https address
   */
  public HubClientSettings {
    if (!Endpoint.isHttp(endpoint) || endpoint.getHost() == null) {
      throw new IllegalArgumentException(
          "Hub endpoint is '" + endpoint + "': expected an http or https address");
    }
  }

  /**
   * How long to wait before a connection or an answer counts as broken.
   *
   * @param response until the headers are there
   * @param idle between two pieces of a body
   */
  public record Timeouts(Duration connect, Duration response, Duration idle) {
    public static final Timeouts DEFAULT =
        new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(60));
  }

  /**
   * What to do about connections that break, server errors and rate limits.
   *
   * @param attempts without progress, before giving up
   * @param firstPause doubled after each attempt, with jitter
   * @param longestPause bound of a pause between attempts
   * @param longestRateLimitPause bound of all pauses of one call that the hub asks for
   */
  public record Retries(
      int attempts, Duration firstPause, Duration longestPause, Duration longestRateLimitPause) {
    public static final Retries DEFAULT =
        new Retries(5, Duration.ofMillis(500), Duration.ofSeconds(20), Duration.ofMinutes(6));
  }

  /** Default patience with {@code endpoint}, without a token. */
  public static HubClientSettings of(URI endpoint) {
    return of(endpoint, Optional::empty);
  }

  /** Default patience with {@code endpoint}. */
  public static HubClientSettings of(URI endpoint, Supplier<Optional<String>> token) {
    return new HubClientSettings(
        endpoint, token, Timeouts.DEFAULT, Retries.DEFAULT, DEFAULT_MAX_JSON_BYTES);
  }
}
