package io.slipway.hub;

import io.slipway.hub.HubClientSettings.Retries;
import io.slipway.hub.HubClientSettings.Timeouts;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** Clients whose pauses only move a clock. */
final class TestClients {

  final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

  HubClient client(URI endpoint) {
    return client(endpoint, Duration.ofSeconds(20), 1 << 20);
  }

  HubClient client(URI endpoint, Duration idle, int maxJsonBytes) {
    var settings =
        new HubClientSettings(
            endpoint,
            () -> Optional.of("hf_secret"),
            new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(20), idle),
            new Retries(3, Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(100)),
            maxJsonBytes);
    return new HubClient(settings, clock(), this::pause);
  }

  private Clock clock() {
    InstantSource source = now::get;
    return source.withZone(ZoneOffset.UTC);
  }

  private void pause(Duration duration) {
    pauses.add(duration);
    now.updateAndGet(time -> time.plus(duration));
  }
}
