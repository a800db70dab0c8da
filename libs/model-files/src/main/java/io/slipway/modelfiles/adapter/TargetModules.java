package io.slipway.modelfiles.adapter;

import io.slipway.modelfiles.ModelConfig;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The modules that an adapter changes. */
public sealed interface TargetModules {

  /** What {@code target_modules} says for {@link AllLinear}. */
  String ALL_LINEAR = "all-linear";

  /** Every linear layer other than the head. */
  record AllLinear() implements TargetModules {}

  /** Modules by name or expression, in any layer. */
  record Chosen(ModuleNames modules) implements TargetModules {}

  /**
   * Modules by name, in some layers.
   *
   * @param layers their indices, counted from 0
   * @param layersPattern expressions for the name of the list of layers in a path, such as {@code
   *     layer} in {@code encoder.layer.0.output}; where it is empty, the first number decides
   */
  record InLayers(ModuleNames.Named modules, List<Integer> layers, List<String> layersPattern)
      implements TargetModules {

    private static final Pattern FIRST_NUMBER =
        Pattern.compile(".*?\\.[^.]*\\.(?<index>\\d{1,9})\\.");

    public InLayers {
      layers = List.copyOf(layers);
      layersPattern = List.copyOf(layersPattern);
    }

    /** A module that is given by its whole path is changed in whatever layer it is. */
    boolean contains(String module) {
      return modules.names().contains(module)
          || (modules.contains(module) && layer(module).filter(layers::contains).isPresent());
    }

    private Optional<Integer> layer(String module) {
      if (layersPattern.isEmpty()) {
        return index(FIRST_NUMBER.matcher(module));
      }
      return layersPattern.stream()
          .map(
              pattern ->
                  ModulePattern.of(
                      "layers_pattern", pattern, "(?:^|.*?\\.)%s\\.(?<index>\\d{1,9})\\."))
          .flatMap(pattern -> index(pattern.matcher(module)).stream())
          .findFirst();
    }

    private static Optional<Integer> index(Matcher matcher) {
      return matcher.lookingAt()
          ? Optional.of(Integer.valueOf(matcher.group("index")))
          : Optional.empty();
    }
  }

  /** Reads {@code target_modules}, {@code layers_to_transform} and {@code layers_pattern}. */
  static TargetModules read(ModelConfig config) {
    ModuleNames modules =
        ModuleNames.read(config, "target_modules")
            .orElseThrow(
                () ->
                    config.malformed(
                        "target_modules",
                        "is absent, expected names, an expression or all-linear"));
    Optional<List<Integer>> layers = config.oneOrMoreIntegers("layers_to_transform");
    List<String> patterns = patterns(config);
    if (layers.isEmpty() && !patterns.isEmpty()) {
      throw config.malformed("layers_pattern", "needs layers_to_transform, which is absent");
    }
    return switch (modules) {
      case ModuleNames.Matching matching -> {
        if (layers.isPresent()) {
          throw config.malformed(
              "layers_to_transform", "is not allowed where target_modules is a string");
        }
        yield matching.expression().toLowerCase(Locale.ROOT).equals(ALL_LINEAR)
            ? new AllLinear()
            : new Chosen(matching);
      }
      case ModuleNames.Named named ->
          layers.orElse(List.of()).isEmpty()
              ? new Chosen(named)
              : new InLayers(named, layers.get(), patterns);
    };
  }

  private static List<String> patterns(ModelConfig config) {
    Optional<JsonNode> node = config.node("layers_pattern");
    return node.filter(JsonNode::isString).isPresent()
        ? config.string("layers_pattern").filter(text -> !text.isEmpty()).stream().toList()
        : config.strings("layers_pattern").orElse(List.of());
  }
}
