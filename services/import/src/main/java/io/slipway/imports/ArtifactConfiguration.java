package io.slipway.imports;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.CheckoutCache;
import io.slipway.artifacts.FileSystemArtifactStore;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where content is kept. */
@Configuration(proxyBeanMethods = false)
class ArtifactConfiguration {

  @Bean
  ArtifactStore artifactStore(ArtifactProperties properties) {
    return new FileSystemArtifactStore(properties.root());
  }

  @Bean
  CheckoutCache checkoutCache(ArtifactStore store, ArtifactProperties properties) {
    return new CheckoutCache(store, properties.checkouts());
  }
}
