package io.slipway.hub.server;

import io.slipway.hub.HubException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Answers requests of the Hub protocol, independent of what carries them: <a
 * href="https://huggingface.co/docs/hub/api">Hub API</a>, the routes that finding and downloading
 * models needs.
 */
public final class HubRoutes {

  private final List<Route> routes;

  public HubRoutes(HubRepositories repositories, HubIdentity identity) {
    this.routes =
        List.of(
            new ModelListRoute(repositories),
            new TreeRoute(repositories),
            new PathsInfoRoute(repositories),
            new ModelInfoRoute(repositories),
            new ResolveRoute(repositories),
            new WhoAmIRoute(identity));
  }

  /** Never throws for what a caller gets wrong; the content may still throw while it is written. */
  public HubResponse answer(HubRequest request) {
    return find(request)
        .with("X-Request-Id", request.header("x-request-id").orElse(UUID.randomUUID().toString()));
  }

  private HubResponse find(HubRequest request) {
    try {
      for (Route route : routes) {
        Optional<HubResponse> answer = route.answer(request);
        if (answer.isPresent()) {
          return answer.get();
        }
      }
      return HubResponse.error(404, "", "Not found");
    } catch (BadRequestException e) {
      return HubResponse.error(400, "", String.valueOf(e.getMessage()));
    } catch (HubException e) {
      return refusal(e);
    }
  }

  private static HubResponse refusal(HubException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e) {
      case HubException.RepositoryNotFound gone ->
          HubResponse.error(404, "RepoNotFound", "Repository not found");
      case HubException.RevisionNotFound gone ->
          HubResponse.error(404, "RevisionNotFound", message);
      case HubException.EntryNotFound gone -> HubResponse.error(404, "EntryNotFound", message);
      case HubException.GatedRepository closed -> HubResponse.error(403, "GatedRepo", message);
      case HubException.RepositoryDisabled closed ->
          HubResponse.error(403, "", "Access to this resource is disabled.");
      case HubException.InvalidCredentials wrong ->
          HubResponse.error(401, "", "Invalid credentials in Authorization header");
      case HubException.RateLimited slow ->
          HubResponse.error(429, "", message)
              .with("Retry-After", Long.toString(slow.retryAfter().toSeconds()));
      case HubException.HubUnreachable broken -> HubResponse.error(502, "", message);
      case HubException.CorruptDownload broken -> HubResponse.error(502, "", message);
      case HubException.FileTooLarge broken -> HubResponse.error(502, "", message);
      case HubException.ProtocolViolation broken -> HubResponse.error(502, "", message);
    };
  }
}
