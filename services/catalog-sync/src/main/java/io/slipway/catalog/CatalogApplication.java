package io.slipway.catalog;

import io.slipway.hub.HubClient;
import io.slipway.hub.HubClientSettings;
import io.slipway.hub.HubClientSettings.Retries;
import io.slipway.hub.HubClientSettings.Timeouts;
import io.slipway.kit.SlipwayService;
import java.util.Optional;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The catalogue service. */
@SpringBootApplication
@EnableScheduling
@EnableConfigurationProperties({CatalogProperties.class, HubProperties.class})
public class CatalogApplication {

  private static final int LARGEST_PAGE_BYTES = 64 << 20;

  public static void main(String[] args) {
    SlipwayService.run(CatalogApplication.class, "catalog-sync", args);
  }

  @Bean
  HubClient hubClient(HubProperties hub, CatalogProperties catalog) {
    return new HubClient(
        new HubClientSettings(
            hub.endpoint(),
            () -> Optional.of(hub.token()).filter(token -> !token.isEmpty()),
            Timeouts.DEFAULT,
            new Retries(
                catalog.hubAttempts(),
                Retries.DEFAULT.firstPause(),
                Retries.DEFAULT.longestPause(),
                Retries.DEFAULT.longestRateLimitPause()),
            LARGEST_PAGE_BYTES));
  }
}
