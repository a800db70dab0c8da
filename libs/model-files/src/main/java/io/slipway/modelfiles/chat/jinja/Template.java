package io.slipway.modelfiles.chat.jinja;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A parsed template. Immutable, so safe for use by many threads; it can reach nothing but the
 * variables that it is given, and the time.
 */
public final class Template {

  private static final int MAX_SOURCE = 1 << 20;

  private final List<Statement> statements;

  private Template(List<Statement> statements) {
    this.statements = statements;
  }

  /**
   * Parses a template.
   *
   * @throws TemplateException MALFORMED, with the line
   */
  public static Template parse(String source) {
    if (source.length() > MAX_SOURCE) {
      throw TemplateException.malformed(
          1, "the template has more than %d characters".formatted(MAX_SOURCE));
    }
    return new Template(StatementParser.parse(source));
  }

  /**
   * Renders it.
   *
   * @param variables what it can use, by name
   * @param clock what {@code strftime_now} asks for the time and its zone
   * @throws TemplateException when it raises an exception of its own, fails, or exceeds the limits
   */
  public Rendered render(Map<String, JsonNode> variables, Clock clock, Limits limits) {
    Budget budget = new Budget(limits);
    Map<String, Value> all = new HashMap<>(new Globals(budget, clock).all());
    variables.forEach((name, value) -> all.put(name, JsonValues.of(value)));
    return new Renderer(budget).render(statements, Frame.root(all));
  }
}
