package io.slipway.gateway.tables;

import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** The gateway is ready once it has read its tables: before, it knows no routes and few keys. */
@Component
class TablesHealthIndicator implements HealthIndicator {

  private final List<CompactedTopic> topics;

  TablesHealthIndicator(List<CompactedTopic> topics) {
    this.topics = topics;
  }

  @Override
  public Health health() {
    boolean ready = topics.stream().allMatch(CompactedTopic::isCaughtUp);
    Health.Builder health = ready ? Health.up() : Health.outOfService();
    topics.forEach(topic -> health.withDetail(topic.topic(), topic.isCaughtUp()));
    return health.build();
  }
}
