package io.slipway.hub;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a response says about the caller's remaining requests: {@code RateLimit: "api";r=0;t=55}
 * (draft-ietf-httpapi-ratelimit-headers) and {@code Retry-After} in seconds.
 */
final class RateLimit {

  private static final Pattern REMAINING = Pattern.compile(";\\s*r=(\\d{1,9})");
  private static final Pattern RESET = Pattern.compile(";\\s*t=(\\d{1,9})");
  private static final Duration UNKNOWN = Duration.ofSeconds(30);

  private RateLimit() {}

  /** How long to wait after a refusal. */
  static Duration afterRefusal(HttpHeaders headers) {
    return retryAfter(headers).or(() -> reset(headers)).orElse(UNKNOWN);
  }

  /** How long to wait after an answer that used up the last request of a window. */
  static Optional<Duration> afterLastRequest(HttpHeaders headers) {
    String limit = headers.firstValue("RateLimit").orElse("");
    Matcher remaining = REMAINING.matcher(limit);
    return remaining.find() && Long.parseLong(remaining.group(1)) == 0
        ? reset(headers)
        : Optional.empty();
  }

  static Optional<Duration> retryAfter(HttpHeaders headers) {
    return headers
        .firstValue("Retry-After")
        .filter(value -> value.matches("\\d{1,9}"))
        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
  }

  /** A second more than the header says, because it is rounded. */
  private static Optional<Duration> reset(HttpHeaders headers) {
    Matcher reset = RESET.matcher(headers.firstValue("RateLimit").orElse(""));
    return reset.find()
        ? Optional.of(Duration.ofSeconds(Long.parseLong(reset.group(1)) + 1))
        : Optional.empty();
  }
}
