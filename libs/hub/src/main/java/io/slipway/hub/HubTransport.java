package io.slipway.hub;

import io.slipway.hub.HubException.HubUnreachable;
import io.slipway.hub.HubException.ProtocolViolation;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends GET requests with redirects, retries and rate limits. Redirects are followed here and not
 * by the HTTP client because a token must stay with its host, and a redirect must stay with http.
 */
final class HubTransport implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HubTransport.class);
  private static final int MAX_REDIRECTS = 10;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int TOO_MANY_REQUESTS = 429;

  private final Endpoint endpoint;
  private final HubClientSettings settings;
  private final Pause pause;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http;

  HubTransport(Endpoint endpoint, HubClientSettings settings, Pause pause) {
    this.endpoint = endpoint;
    this.settings = settings;
    this.pause = pause;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.timeouts().connect())
            .executor(executor)
            .build();
  }

  /** A gate for one of the hub's kinds of requests, which have windows of their own. */
  RateGate newGate(Clock clock) {
    return new RateGate(clock, pause);
  }

  Backoff newBackoff() {
    return new Backoff(settings.retries(), pause);
  }

  Duration idleTimeout() {
    return settings.timeouts().idle();
  }

  int maxJsonBytes() {
    return settings.maxJsonBytes();
  }

  /**
   * Asks until there is an answer that repeating cannot improve: success, 416, or an exception.
   *
   * @param backoff counts the failures, also across calls that belong together
   */
  Reply get(URI address, Map<String, String> headers, Wanted wanted, RateGate gate, Backoff backoff)
      throws InterruptedException {
    Duration patience = settings.retries().longestRateLimitPause();
    while (true) {
      patience = gate.await(patience);
      Reply reply;
      try {
        reply = follow(address, headers);
      } catch (IOException e) {
        failIfInterrupted(e);
        LOG.debug("{} failed", address, e);
        backoff.failed(
            new HubUnreachable("The hub at " + address + " cannot be reached: " + e, e),
            Duration.ZERO);
        continue;
      }
      RateLimit.afterLastRequest(reply.response().headers()).ifPresent(gate::closeFor);
      if (isFinal(reply.status())) {
        return reply;
      }
      HubException error = HubErrors.of(reply.response(), wanted);
      if (reply.status() == TOO_MANY_REQUESTS) {
        Duration wait = RateLimit.afterRefusal(reply.response().headers());
        LOG.info("The hub asks to wait {} before more requests", wait);
        gate.closeFor(wait);
      } else if (error instanceof HubUnreachable) {
        backoff.failed(
            error, RateLimit.retryAfter(reply.response().headers()).orElse(Duration.ZERO));
      } else {
        throw error;
      }
    }
  }

  private static boolean isFinal(int status) {
    return (status >= 200 && status < 300) || status == RANGE_NOT_SATISFIABLE;
  }

  private Reply follow(URI address, Map<String, String> headers)
      throws IOException, InterruptedException {
    URI current = address;
    HttpHeaders described = null;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      HttpResponse<InputStream> response =
          http.send(request(current, headers), BodyHandlers.ofInputStream());
      if (described == null && response.headers().firstValue("X-Repo-Commit").isPresent()) {
        described = response.headers();
      }
      if (!isRedirect(response.statusCode())) {
        return new Reply(response, described == null ? response.headers() : described);
      }
      response.body().close();
      current = redirect(current, response.headers().firstValue("Location").orElse(null));
    }
    throw new ProtocolViolation(address + " redirects more than " + MAX_REDIRECTS + " times");
  }

  private HttpRequest request(URI address, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(settings.timeouts().response())
            .header("User-Agent", "slipway")
            .header("Accept-Encoding", "identity");
    headers.forEach(request::header);
    if (endpoint.isSelf(address)) {
      settings.token().get().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    }
    return request.build();
  }

  private static boolean isRedirect(int status) {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  private static URI redirect(URI from, @Nullable String location) {
    try {
      URI target = from.resolve(URI.create(String.valueOf(location)));
      boolean downgrade =
          "https".equalsIgnoreCase(from.getScheme())
              && !"https".equalsIgnoreCase(target.getScheme());
      if (location != null && Endpoint.isHttp(target) && target.getHost() != null && !downgrade) {
        return target;
      }
    } catch (IllegalArgumentException e) {
      throw badRedirect(from, location, e);
    }
    throw badRedirect(from, location, null);
  }

  private static ProtocolViolation badRedirect(
      URI from, @Nullable String location, @Nullable Exception cause) {
    var violation =
        new ProtocolViolation(
            from
                + " redirects to '"
                + Text.printable(String.valueOf(location))
                + "': expected an http address, or https after https");
    if (cause != null) {
      violation.addSuppressed(cause);
    }
    return violation;
  }

  /** An interrupt reaches a reading thread as an {@link IOException}, with the flag set again. */
  static void failIfInterrupted(IOException e) throws InterruptedException {
    if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
      var interrupted = new InterruptedException("The hub request was interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    executor.shutdownNow();
  }
}
