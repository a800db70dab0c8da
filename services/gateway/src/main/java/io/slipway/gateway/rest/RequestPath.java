package io.slipway.gateway.rest;

import io.slipway.kit.errors.SlipwayException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The path of a request, taken apart before anything is decoded, so that an encoded slash or colon
 * is data and never structure.
 *
 * @param segments decoded
 * @param verb what follows the last segment's colon; empty when there is none
 */
public record RequestPath(List<String> segments, String verb) {

  public RequestPath {
    segments = List.copyOf(segments);
  }

  /**
   * @param raw as in the request line, without the query
   * @throws SlipwayException INVALID_ARGUMENT for a path that climbs ({@code ..}), has empty
   *     segments, path parameters, encoded slashes, control characters, or is not UTF-8
   */
  public static RequestPath parse(String raw) {
    if (raw.equals("/")) {
      return new RequestPath(List.of(), "");
    }
    if (!raw.startsWith("/")) {
      throw SlipwayException.invalid("The path \"" + raw + "\" does not begin with a slash.");
    }
    List<String> pieces = new ArrayList<>(List.of(raw.substring(1).split("/", -1)));
    String last = pieces.getLast();
    int colon = last.lastIndexOf(':');
    String verb = colon < 0 ? "" : last.substring(colon + 1);
    if (colon >= 0) {
      pieces.set(pieces.size() - 1, last.substring(0, colon));
    }
    return new RequestPath(pieces.stream().map(piece -> decode(piece, raw)).toList(), verb);
  }

  private static String decode(String piece, String raw) {
    String decoded;
    try {
      // A plus is a plus in a path; only in a query it is a space.
      decoded = URLDecoder.decode(piece.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw SlipwayException.invalid("The path " + raw + " has a malformed percent-encoding.");
    }
    boolean climbs = decoded.equals(".") || decoded.equals("..");
    boolean hidden =
        decoded
            .chars()
            .anyMatch(c -> c == '/' || c == '\\' || c == '\uFFFD' || c < ' ' || c == 127);
    if (piece.isEmpty() || piece.contains(";") || climbs || hidden) {
      throw SlipwayException.invalid(
          "The path "
              + raw
              + " has the segment \""
              + piece
              + "\"; segments are not empty, not dots, and hold no slashes, semicolons or control"
              + " characters.");
    }
    return decoded;
  }
}
