package io.slipway.hub;

import io.slipway.hub.HubException.EntryNotFound;
import io.slipway.hub.HubException.GatedRepository;
import io.slipway.hub.HubException.HubUnreachable;
import io.slipway.hub.HubException.InvalidCredentials;
import io.slipway.hub.HubException.ProtocolViolation;
import io.slipway.hub.HubException.RepositoryDisabled;
import io.slipway.hub.HubException.RepositoryNotFound;
import io.slipway.hub.HubException.RevisionNotFound;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import tools.jackson.core.JacksonException;

/** Turns an answer that is an error into its exception, by status and {@code X-Error-Code}. */
final class HubErrors {

  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final String INVALID_TOKEN = "Invalid credentials in Authorization header";
  private static final String DISABLED = "Access to this resource is disabled.";

  private HubErrors() {}

  /** Reads the beginning of the body and closes it. */
  static HubException of(HttpResponse<InputStream> response, Wanted wanted) {
    String message = message(response);
    RepositoryId id = wanted.id();
    return id == null ? ofListing(response, message) : ofRepository(response, message, id, wanted);
  }

  private static HubException ofListing(HttpResponse<InputStream> response, String message) {
    return switch (response.statusCode()) {
      case 401, 403 -> new InvalidCredentials(message);
      default -> unexpected(response, message);
    };
  }

  private static HubException ofRepository(
      HttpResponse<InputStream> response, String message, RepositoryId id, Wanted wanted) {
    Revision revision = wanted.revision() == null ? Revision.MAIN : wanted.revision();
    String path = wanted.path();
    String code = response.headers().firstValue("X-Error-Code").orElse("");
    int status = response.statusCode();
    if (message.equals(DISABLED)) {
      return new RepositoryDisabled(id);
    }
    if (code.equals("GatedRepo")) {
      return new GatedRepository(id, message);
    }
    if (code.equals("RevisionNotFound")) {
      return new RevisionNotFound(id, revision);
    }
    if (code.equals("EntryNotFound") || (code.isEmpty() && status == 404 && path != null)) {
      return new EntryNotFound(id, revision, path == null ? "" : path);
    }
    if (message.equals(INVALID_TOKEN) || status == 403) {
      return new InvalidCredentials(message);
    }
    return status == 401 || status == 404
        ? new RepositoryNotFound(id)
        : unexpected(response, message);
  }

  private static HubException unexpected(HttpResponse<InputStream> response, String message) {
    String text = "%s answered %d: %s".formatted(response.uri(), response.statusCode(), message);
    return response.statusCode() >= 500
        ? new HubUnreachable(text, null)
        : new ProtocolViolation(text);
  }

  private static String message(HttpResponse<InputStream> response) {
    HttpHeaders headers = response.headers();
    try (InputStream body = response.body()) {
      byte[] beginning = body.readNBytes(MAX_BODY_BYTES);
      String error = ModelJson.MAPPER.readTree(beginning).path("error").asString("");
      return Text.printable(headers.firstValue("X-Error-Message").orElse(error));
    } catch (JacksonException | IOException e) {
      return Text.printable(headers.firstValue("X-Error-Message").orElse("no explanation"));
    }
  }
}
