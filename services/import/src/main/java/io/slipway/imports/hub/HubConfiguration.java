package io.slipway.imports.hub;

import io.slipway.hub.HubClient;
import io.slipway.hub.HubClientSettings;
import io.slipway.hub.HubClientSettings.Retries;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How the hub is called. */
@Configuration(proxyBeanMethods = false)
class HubConfiguration {

  @Bean
  HubClient hubClient(HubProperties properties) {
    HubClientSettings defaults =
        HubClientSettings.of(properties.endpoint(), properties::authorization);
    Retries retries =
        new Retries(
            properties.attempts(),
            defaults.retries().firstPause(),
            defaults.retries().longestPause(),
            defaults.retries().longestRateLimitPause());
    return new HubClient(
        new HubClientSettings(
            defaults.endpoint(),
            defaults.token(),
            defaults.timeouts(),
            retries,
            defaults.maxJsonBytes()));
  }
}
