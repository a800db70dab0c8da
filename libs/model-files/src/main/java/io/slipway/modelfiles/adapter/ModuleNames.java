package io.slipway.modelfiles.adapter;

import io.slipway.modelfiles.ModelConfig;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Modules of a model, by name or by expression. */
public sealed interface ModuleNames {

  /**
   * Modules whose path is, or ends with a dot and, one of these.
   *
   * @param names such as {@code query} or {@code encoder.layer.0.attention.self.query}
   */
  record Named(List<String> names) implements ModuleNames {

    public Named {
      names = List.copyOf(names);
    }

    @Override
    public boolean contains(String module) {
      return names.stream().anyMatch(name -> module.equals(name) || module.endsWith("." + name));
    }
  }

  /** Modules whose whole path matches a regular expression. */
  final class Matching implements ModuleNames {

    private final ModulePattern pattern;

    private Matching(ModulePattern pattern) {
      this.pattern = pattern;
    }

    static Matching of(String field, String expression) {
      return new Matching(ModulePattern.of(field, expression, "%s"));
    }

    /** The expression as the configuration has it. */
    public String expression() {
      return pattern.expression();
    }

    @Override
    public boolean contains(String module) {
      return pattern.matchesAll(module);
    }

    @Override
    public String toString() {
      return expression();
    }
  }

  /** Whether the module at a path, such as {@code encoder.layer.0.output.dense}, is one of them. */
  boolean contains(String module);

  /** Reads a field that is a list of names, or a string with an expression. */
  static Optional<ModuleNames> read(ModelConfig config, String field) {
    if (config.isString(field)) {
      return config.string(field).map(text -> Matching.of(field, text));
    }
    Optional<JsonNode> node = config.node(field);
    if (node.isPresent() && !node.get().isArray()) {
      throw config.wrong(field, node.get(), "a string or an array of strings");
    }
    return config.strings(field).map(Named::new);
  }
}
