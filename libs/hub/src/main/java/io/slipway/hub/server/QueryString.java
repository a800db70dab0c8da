package io.slipway.hub.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what browsers and clients encode into addresses and forms. */
public final class QueryString {

  private QueryString() {}

  /**
   * Parameters in order, each with all its values.
   *
   * @throws IllegalArgumentException when a percent sign is followed by no hexadecimal number
   */
  public static Map<String, List<String>> read(@Nullable String raw) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    if (raw == null || raw.isEmpty()) {
      return parameters;
    }
    for (String parameter : raw.split("&")) {
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      String value = equals < 0 ? "" : parameter.substring(equals + 1);
      parameters
          .computeIfAbsent(URLDecoder.decode(name, UTF_8), key -> new ArrayList<>())
          .add(URLDecoder.decode(value, UTF_8));
    }
    return parameters;
  }

  /**
   * The decoded segments of a path; empty ones are left out. A plus sign is itself.
   *
   * @throws IllegalArgumentException when a percent sign is followed by no hexadecimal number
   */
  public static List<String> readPath(String rawPath) {
    return Arrays.stream(rawPath.split("/"))
        .filter(segment -> !segment.isEmpty())
        .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"), UTF_8))
        .toList();
  }
}
