package io.slipway.hub.server;

import io.slipway.hub.ModelInfo;
import io.slipway.hub.RepositoryFile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code HEAD} and {@code GET /{id}/resolve/{revision}/{path}}: a file, whole or in part. The
 * content comes from here and never by a redirect, so clients need no second set of headers.
 */
final class ResolveRoute implements Route {

  private final HubRepositories repositories;

  ResolveRoute(HubRepositories repositories) {
    this.repositories = repositories;
  }

  @Override
  public Optional<HubResponse> answer(HubRequest request) {
    if (!request.isRead() || !request.path().contains("resolve")) {
      return Optional.empty();
    }
    return ModelAddress.read(request.path(), Set.of("resolve"))
        .filter(address -> address.action().equals("resolve") && address.arguments().size() >= 2)
        .map(address -> serve(request, address));
  }

  private HubResponse serve(HubRequest request, ModelAddress address) {
    ModelInfo model = repositories.find(address.id(), address.revision());
    String commit = String.valueOf(model.sha());
    return model
        .file(address.path())
        .map(file -> serve(request, model, file))
        .orElseGet(() -> HubResponse.error(404, "EntryNotFound", "Entry not found"))
        .with("X-Repo-Commit", commit);
  }

  private HubResponse serve(HubRequest request, ModelInfo model, RepositoryFile file) {
    long size = file.sizeBytes();
    Map<String, String> headers = headers(file);
    String range =
        request.header("if-range").orElse(etag(file)).equals(etag(file))
            ? request.header("range").orElse("")
            : "";
    return switch (ByteRange.of(range, size)) {
      case ByteRange.Whole() -> {
        yield new HubResponse(200, headers, part(model, file, 0, size));
      }
      case ByteRange.Part(long first, long last) -> {
        headers.put("Content-Range", "bytes %d-%d/%d".formatted(first, last, size));
        yield new HubResponse(206, headers, part(model, file, first, last - first + 1));
      }
      case ByteRange.Outside() ->
          HubResponse.error(416, "", "The range is beyond the " + size + " bytes of the file")
              .with("Content-Range", "bytes */" + size);
    };
  }

  private HubResponse.FilePart part(
      ModelInfo model, RepositoryFile file, long offset, long length) {
    return new HubResponse.FilePart(() -> repositories.open(model, file, offset), length);
  }

  private static Map<String, String> headers(RepositoryFile file) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("ETag", etag(file));
    headers.put("Accept-Ranges", "bytes");
    headers.put("Content-Type", "application/octet-stream");
    headers.put("X-Content-Type-Options", "nosniff");
    if (file.isLarge()) {
      headers.put("X-Linked-Etag", etag(file));
      headers.put("X-Linked-Size", Long.toString(file.sizeBytes()));
    }
    return headers;
  }

  /** SHA-256 of a large file, the git object id of any other. */
  private static String etag(RepositoryFile file) {
    return "\"" + (file.sha256() == null ? file.gitOid() : file.sha256()) + "\"";
  }
}
