package io.slipway.gateway.keys;

import com.google.protobuf.Empty;
import com.google.protobuf.Timestamp;
import io.slipway.identity.v1.ApiKey;
import io.slipway.identity.v1.CreateApiKeyRequest;
import io.slipway.identity.v1.CreateApiKeyResponse;
import io.slipway.identity.v1.DeleteApiKeyRequest;
import io.slipway.identity.v1.ListApiKeysRequest;
import io.slipway.identity.v1.ListApiKeysResponse;
import io.slipway.kit.errors.SlipwayException;
import io.slipway.kit.identity.Caller;
import io.slipway.kit.names.Ids;
import io.slipway.kit.names.ResourceNames;
import io.slipway.kit.paging.Page;
import io.slipway.kit.paging.PageRequest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.springframework.stereotype.Component;

/** The methods of {@code ApiKeyService}: a tenant sees and revokes its own keys only. */
@Component
public class ApiKeyAdministration {

  private static final int LONGEST_NAME = 200;

  private final ApiKeys keys;
  private final Ids ids;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  ApiKeyAdministration(ApiKeys keys, Ids ids, Clock clock) {
    this.keys = keys;
    this.ids = ids;
    this.clock = clock;
  }

  /** The only place where a secret is shown. */
  public CreateApiKeyResponse create(CreateApiKeyRequest request) {
    String displayName = request.getApiKey().getDisplayName();
    if (displayName.length() > LONGEST_NAME) {
      throw SlipwayException.invalid(
          "display_name has "
              + displayName.length()
              + " characters; at most "
              + LONGEST_NAME
              + " are allowed.");
    }
    ApiKeySecret secret = ApiKeySecret.random(random);
    StoredKey key =
        new StoredKey(
            ids.next(),
            Caller.current().tenant(),
            displayName,
            secret.hash(),
            // What the database keeps.
            clock.instant().truncatedTo(ChronoUnit.MICROS),
            false);
    keys.add(key);
    return CreateApiKeyResponse.newBuilder()
        .setApiKey(message(key))
        .setSecret(secret.text())
        .build();
  }

  public ListApiKeysResponse list(ListApiKeysRequest request) {
    Page<StoredKey> page =
        keys.list(
            Caller.current().tenant(),
            PageRequest.of(request.getPageSize(), request.getPageToken()));
    return ListApiKeysResponse.newBuilder()
        .addAllApiKeys(page.map(ApiKeyAdministration::message).items())
        .setNextPageToken(page.nextToken())
        .build();
  }

  public Empty delete(DeleteApiKeyRequest request) {
    keys.revoke(
        Caller.current().tenant(), ResourceNames.id(StoredKey.COLLECTION, request.getName()));
    return Empty.getDefaultInstance();
  }

  private static ApiKey message(StoredKey key) {
    return ApiKey.newBuilder()
        .setName(key.name())
        .setDisplayName(key.displayName())
        .setCreateTime(
            Timestamp.newBuilder()
                .setSeconds(key.createTime().getEpochSecond())
                .setNanos(key.createTime().getNano()))
        .build();
  }
}
