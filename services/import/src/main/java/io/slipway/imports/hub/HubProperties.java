package io.slipway.imports.hub;

import java.net.URI;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The hub that models come from.
 *
 * @param token sent to the hub; empty for none
 * @param attempts connections without progress before an attempt at a job gives up
 */
@ConfigurationProperties("slipway.hub")
record HubProperties(
    @DefaultValue("https://huggingface.co") URI endpoint,
    @DefaultValue("") String token,
    @DefaultValue("5") int attempts) {

  Optional<String> authorization() {
    return Optional.of(token).filter(text -> !text.isBlank());
  }
}
