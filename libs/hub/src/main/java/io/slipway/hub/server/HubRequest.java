package io.slipway.hub.server;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request to a hub, whatever carried it.
 *
 * @param method in upper case
 * @param path segments after the hub's root, percent-decoded one by one: a segment may hold a slash
 * @param query parameters, percent-decoded
 * @param headers by lower-case name
 * @param body small, and empty for most
 * @param baseUrl the hub's root as the caller sees it, without a slash at the end
 */
public record HubRequest(
    String method,
    List<String> path,
    Map<String, List<String>> query,
    Map<String, String> headers,
    byte[] body,
    String baseUrl) {

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  boolean isTrue(String parameter) {
    return query.getOrDefault(parameter, List.of()).stream()
        .anyMatch(value -> value.equalsIgnoreCase("true") || value.equals("1"));
  }

  boolean expands(String field) {
    return query.getOrDefault("expand", List.of()).contains(field);
  }

  /** The token of an {@code Authorization: Bearer} header. */
  Optional<String> token() {
    return header("authorization")
        .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(value -> value.substring(7).strip());
  }

  boolean isRead() {
    return method.equals("GET") || method.equals("HEAD");
  }
}
