package io.slipway.gateway.keys;

import com.google.protobuf.InvalidProtocolBufferException;
import io.slipway.gateway.tables.CompactedTopic;
import io.slipway.identity.v1.ApiKeyEntry;
import io.slipway.kit.events.Topics;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Fills the table with what any gateway has made or revoked. */
@Component
class ApiKeyTopic extends CompactedTopic {

  private final ApiKeyTable table;

  ApiKeyTopic(ApiKeyTable table, @Value("${spring.kafka.bootstrap-servers}") String brokers) {
    super(Topics.API_KEYS, brokers);
    this.table = table;
  }

  @Override
  protected void put(String hash, byte[] value) throws InvalidProtocolBufferException {
    ApiKeyEntry entry = ApiKeyEntry.parseFrom(value);
    table.put(new KeyHash(hash), entry.getTenant(), entry.getName());
  }

  @Override
  protected void remove(String hash) {
    table.revoke(new KeyHash(hash));
  }
}
