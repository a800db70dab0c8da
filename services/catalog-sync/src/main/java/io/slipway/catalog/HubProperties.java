package io.slipway.catalog;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which hub is mirrored; shared with the other services that talk to it.
 *
 * @param endpoint base address of its API
 * @param token for what is not public; empty for none
 */
@ConfigurationProperties("slipway.hub")
public record HubProperties(
    @DefaultValue("https://huggingface.co") URI endpoint, @DefaultValue("") String token) {

  @Override
  public String toString() {
    return "HubProperties[endpoint=" + endpoint + "]";
  }
}
