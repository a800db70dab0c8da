package io.slipway.gateway.openapi;

import io.slipway.gateway.rest.PathTemplate;
import io.slipway.gateway.rest.PathTemplate.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * A path as OpenAPI writes it: every wildcard gets a name, after the collection before it.
 *
 * @param text {@code /v1/models/{namespace}/{model}:cancel}
 * @param parameters the wildcards' names in order
 */
record PathNames(String text, List<String> parameters) {

  static PathNames of(PathTemplate path) {
    StringBuilder text = new StringBuilder();
    List<String> parameters = new ArrayList<>();
    List<Segment> segments = path.segments();
    for (int i = 0; i < segments.size(); i++) {
      text.append('/');
      if (segments.get(i) instanceof Segment.Literal(var literal)) {
        text.append(literal);
      } else {
        String name = name(path, segments, i);
        parameters.add(name);
        text.append('{').append(name).append('}');
      }
    }
    if (!path.verb().isEmpty()) {
      text.append(':').append(path.verb());
    }
    return new PathNames(text.toString(), parameters);
  }

  private static String name(PathTemplate path, List<Segment> segments, int at) {
    for (var variable : path.variables()) {
      // A variable that is nothing but the wildcard has the better name.
      if (variable.from() == at && variable.to() == at + 1) {
        return variable.field();
      }
    }
    if (at + 1 < segments.size() && !(segments.get(at + 1) instanceof Segment.Literal)) {
      return "namespace";
    }
    for (int i = at - 1; i >= 0; i--) {
      if (segments.get(i) instanceof Segment.Literal(var collection)) {
        return collection.endsWith("s")
            ? collection.substring(0, collection.length() - 1)
            : collection;
      }
    }
    return "id";
  }
}
