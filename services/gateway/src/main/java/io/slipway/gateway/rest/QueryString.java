package io.slipway.gateway.rest;

import io.slipway.kit.errors.SlipwayException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parameters after the question mark, in order, without touching the body. */
public record QueryString(Map<String, List<String>> parameters) {

  /**
   * @param raw as in the request line; null when there is none
   * @throws SlipwayException INVALID_ARGUMENT for a malformed percent-encoding
   */
  public static QueryString parse(@Nullable String raw) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    if (raw != null && !raw.isEmpty()) {
      for (String pair : raw.split("&", -1)) {
        if (!pair.isEmpty()) {
          int equals = pair.indexOf('=');
          String name = decode(equals < 0 ? pair : pair.substring(0, equals));
          String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
          parameters.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
        }
      }
    }
    return new QueryString(parameters);
  }

  /**
   * The value of a parameter that comes at most once.
   *
   * @return empty when it does not come
   */
  public String single(String name) {
    List<String> values = parameters.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw SlipwayException.invalid("Query parameter \"" + name + "\" is given more than once.");
    }
    return values.isEmpty() ? "" : values.getFirst();
  }

  /**
   * @throws SlipwayException INVALID_ARGUMENT naming the first parameter that is not among these
   */
  public void allowOnly(Set<String> known) {
    for (String name : parameters.keySet()) {
      if (!known.contains(name)) {
        throw SlipwayException.invalid(
            "Unknown query parameter \""
                + name
                + "\"; there are "
                + String.join(", ", known)
                + ".");
      }
    }
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw SlipwayException.invalid(
          "The query has a malformed percent-encoding in \"" + text + "\".");
    }
  }
}
