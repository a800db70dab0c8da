package io.slipway.gateway.inference;

import com.google.protobuf.InvalidProtocolBufferException;
import io.slipway.deployment.v1.Route;
import io.slipway.gateway.tables.CompactedTopic;
import io.slipway.kit.events.Topics;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Fills the table with what the deployment service publishes. */
@Component
class RouteTopic extends CompactedTopic {

  private final RouteTable table;

  RouteTopic(RouteTable table, @Value("${spring.kafka.bootstrap-servers}") String brokers) {
    super(Topics.ROUTES, brokers);
    this.table = table;
  }

  @Override
  protected void put(String endpoint, byte[] value) throws InvalidProtocolBufferException {
    table.put(Route.parseFrom(value));
  }

  @Override
  protected void remove(String endpoint) {
    table.remove(endpoint);
  }
}
