package io.slipway.catalog;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the hub is mirrored.
 *
 * @param pageSize models asked for at a time, 1 to 1000
 * @param maxModels a sync that does not say how many it wants stops after so many, the most
 *     downloaded ones: the public hub has millions
 * @param syncInterval time between syncs that nobody asked for; zero for none
 * @param hubAttempts how often a request to the hub is tried before the sync is put back for later
 */
@ConfigurationProperties("slipway.catalog")
public record CatalogProperties(
    @DefaultValue("200") int pageSize,
    @DefaultValue("2000") int maxModels,
    @DefaultValue("PT6H") Duration syncInterval,
    @DefaultValue("5") int hubAttempts) {

  public CatalogProperties {
    require("page-size", pageSize, 1, 1000);
    require("max-models", maxModels, 1, Integer.MAX_VALUE);
    require("hub-attempts", hubAttempts, 1, 100);
    if (syncInterval.isNegative()) {
      throw new IllegalArgumentException(
          "slipway.catalog.sync-interval is " + syncInterval + ": expected zero or more");
    }
  }

  private static void require(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "slipway.catalog.%s is %d: expected %d to %d".formatted(name, value, least, most));
    }
  }
}
