package io.slipway.gateway.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path with variables, in the syntax of {@code google/api/http.proto}: {@code
 * /v1/{name=imports/*}:cancel}. A star is one segment, two stars (only at the end) are one or more.
 */
public final class PathTemplate {

  /** A piece of a path between two slashes. */
  public sealed interface Segment {
    record Literal(String text) implements Segment {}

    record One() implements Segment {}

    record Rest() implements Segment {}
  }

  /**
   * @param field dotted path of the field that it fills
   * @param from index of its first segment
   * @param to index after its last segment
   */
  public record Variable(String field, int from, int to) {}

  private final String source;
  private final List<Segment> segments = new ArrayList<>();
  private final List<Variable> variables = new ArrayList<>();
  private final String verb;

  private PathTemplate(String source) {
    this.source = source;
    int colon = source.lastIndexOf(':');
    boolean hasVerb = colon > Math.max(source.lastIndexOf('/'), source.lastIndexOf('}'));
    // In {name=imports/*}:cancel the last slash stands before the brace, so the verb is found too.
    this.verb = hasVerb ? source.substring(colon + 1) : "";
    parse(hasVerb ? source.substring(0, colon) : source);
  }

  /**
   * @throws IllegalArgumentException for a malformed template
   */
  public static PathTemplate parseTemplate(String template) {
    return new PathTemplate(template);
  }

  private void parse(String path) {
    int at = 0;
    while (at < path.length()) {
      if (path.charAt(at) != '/') {
        throw new IllegalArgumentException("Expected a slash at " + at + " of " + source + ".");
      }
      at++;
      int end = path.startsWith("{", at) ? path.indexOf('}', at) + 1 : path.indexOf('/', at);
      if (end == 0) {
        throw new IllegalArgumentException("A brace is not closed in " + source + ".");
      }
      end = end < 0 ? path.length() : end;
      String piece = path.substring(at, end);
      if (piece.startsWith("{")) {
        addVariable(piece.substring(1, piece.length() - 1));
      } else {
        addSegment(piece);
      }
      at = end;
    }
  }

  private void addVariable(String text) {
    int equals = text.indexOf('=');
    int from = segments.size();
    String pattern = equals < 0 ? "*" : text.substring(equals + 1);
    for (String piece : pattern.split("/", -1)) {
      addSegment(piece);
    }
    String field = equals < 0 ? text : text.substring(0, equals);
    variables.add(new Variable(field, from, segments.size()));
  }

  private void addSegment(String piece) {
    if (!segments.isEmpty() && segments.getLast() instanceof Segment.Rest) {
      throw new IllegalArgumentException("Something follows ** in " + source + ".");
    }
    segments.add(
        switch (piece) {
          case "*" -> new Segment.One();
          case "**" -> new Segment.Rest();
          case "" -> throw new IllegalArgumentException("An empty segment in " + source + ".");
          default -> new Segment.Literal(piece);
        });
  }

  /** The variables' values, when the path is of this form. */
  public Optional<Map<String, String>> match(RequestPath path) {
    List<String> given = path.segments();
    boolean open = !segments.isEmpty() && segments.getLast() instanceof Segment.Rest;
    if (!verb.equals(path.verb())
        || (open ? given.size() < segments.size() : given.size() != segments.size())) {
      return Optional.empty();
    }
    for (int i = 0; i < segments.size(); i++) {
      if (segments.get(i) instanceof Segment.Literal(var text) && !text.equals(given.get(i))) {
        return Optional.empty();
      }
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (Variable variable : variables) {
      int to = open && variable.to == segments.size() ? given.size() : variable.to;
      values.put(variable.field, String.join("/", given.subList(variable.from, to)));
    }
    return Optional.of(values);
  }

  public List<Segment> segments() {
    return List.copyOf(segments);
  }

  public List<Variable> variables() {
    return List.copyOf(variables);
  }

  /** What follows the colon; empty when there is none. */
  public String verb() {
    return verb;
  }

  @Override
  public String toString() {
    return source;
  }
}
