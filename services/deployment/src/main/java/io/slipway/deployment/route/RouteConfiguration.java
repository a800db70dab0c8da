package io.slipway.deployment.route;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;

/** The producer of routes: acknowledged by all, in order. */
@Configuration(proxyBeanMethods = false)
class RouteConfiguration {

  @Bean
  RouteRelay routeRelay(KafkaTemplate<String, byte[]> routeTemplate) {
    return new RouteRelay(routeTemplate);
  }

  @Bean
  KafkaTemplate<String, byte[]> routeTemplate(KafkaProperties kafka) {
    Map<String, Object> settings = kafka.buildProducerProperties();
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    // Shorter than the relay's patience, so that a record is never sent behind its back.
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    return new KafkaTemplate<>(
        new DefaultKafkaProducerFactory<>(
            settings, new StringSerializer(), new ByteArraySerializer()));
  }
}
