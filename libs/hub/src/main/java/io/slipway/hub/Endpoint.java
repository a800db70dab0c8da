package io.slipway.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Makes the addresses of a hub, and knows which addresses are the hub itself. */
record Endpoint(URI base) {

  Endpoint(URI base) {
    String text = base.toString();
    this.base = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
  }

  static boolean isHttp(URI address) {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    return scheme.equals("http") || scheme.equals("https");
  }

  URI models(Map<String, List<String>> parameters) {
    return at("/api/models" + query(parameters));
  }

  URI model(RepositoryId id, Revision revision) {
    return at("/api/models/" + id + "/revision/" + encode(revision.value()) + "?blobs=true");
  }

  URI tree(RepositoryId id, Revision revision) {
    return at("/api/models/" + id + "/tree/" + encode(revision.value()) + "?recursive=true");
  }

  URI file(RepositoryId id, Revision revision, String path) {
    String encodedPath =
        Arrays.stream(path.split("/")).map(Endpoint::encode).collect(Collectors.joining("/"));
    return at("/" + id + "/resolve/" + encode(revision.value()) + "/" + encodedPath);
  }

  /**
   * The page that a {@code Link} header or a stored cursor names, on this hub whatever host it
   * names: a proxy may not know its own name, and a token must not follow it elsewhere.
   *
   * @throws HubException.ProtocolViolation when it is no address
   */
  URI page(String cursor) {
    try {
      URI address = URI.create(cursor);
      String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
      if (address.getRawPath() == null || !address.getRawPath().startsWith("/")) {
        throw new IllegalArgumentException("it has no absolute path");
      }
      return URI.create(origin() + address.getRawPath() + query);
    } catch (IllegalArgumentException e) {
      throw new HubException.ProtocolViolation(
          "'" + Text.printable(cursor) + "' is no address of a next page", e);
    }
  }

  /** Whether a token for this hub may be sent to {@code address}. */
  boolean isSelf(URI address) {
    return base.getScheme().equalsIgnoreCase(address.getScheme())
        && base.getHost().equalsIgnoreCase(String.valueOf(address.getHost()))
        && port(base) == port(address);
  }

  private static int port(URI address) {
    if (address.getPort() >= 0) {
      return address.getPort();
    }
    return "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
  }

  private String origin() {
    return base.getScheme() + "://" + base.getRawAuthority();
  }

  private URI at(String pathAndQuery) {
    return URI.create(base + pathAndQuery);
  }

  private static String query(Map<String, List<String>> parameters) {
    String query =
        parameters.entrySet().stream()
            .flatMap(
                entry ->
                    entry.getValue().stream()
                        .map(value -> encode(entry.getKey()) + "=" + encode(value)))
            .collect(Collectors.joining("&"));
    return query.isEmpty() ? "" : "?" + query;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }
}
