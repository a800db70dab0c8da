package io.slipway.gateway;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the gateway.
 *
 * @param unaryDeadline for a call to another service
 * @param predictDeadline for an answer of a model, a second try included
 * @param uploadDeadline for a whole upload
 * @param loadingWait how long a request for a model that is still loading is held before it is told
 *     so
 * @param loadingRetryAfter what such a request is told to wait
 * @param heartbeat a stream without messages sends a sign of life this often, and so notices that
 *     its client has gone
 * @param bootstrapApiKey a key of the tenant "default" that always exists; may be null
 * @param bootstrapApiKeyFile a file with that key; may be null
 */
@ConfigurationProperties("slipway.gateway")
public record GatewayProperties(
    @DefaultValue Limits limits,
    @DefaultValue("30s") Duration unaryDeadline,
    @DefaultValue("60s") Duration predictDeadline,
    @DefaultValue("30m") Duration uploadDeadline,
    @DefaultValue("3s") Duration loadingWait,
    @DefaultValue("5s") Duration loadingRetryAfter,
    @DefaultValue("15s") Duration heartbeat,
    @Nullable String bootstrapApiKey,
    @Nullable Path bootstrapApiKeyFile) {

  /**
   * What a request may be.
   *
   * @param body of a JSON request
   * @param upload of a dataset's file
   * @param url path and query
   * @param headers names and values together
   * @param concurrentRequestsPerKey in flight at this gateway, streams included
   */
  public record Limits(
      @DefaultValue("1MB") DataSize body,
      @DefaultValue("1GB") DataSize upload,
      @DefaultValue("8KB") DataSize url,
      @DefaultValue("16KB") DataSize headers,
      @DefaultValue("256") int concurrentRequestsPerKey) {}
}
