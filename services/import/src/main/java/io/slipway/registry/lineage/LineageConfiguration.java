package io.slipway.registry.lineage;

import io.slipway.events.v1.Event;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The consumer of all events. */
@Configuration(proxyBeanMethods = false)
class LineageConfiguration {

  @Bean
  Consumer<Event> lineage(LineageProjection projection) {
    return projection::take;
  }
}
