package io.slipway.modelfiles.adapter;

import io.slipway.modelfiles.ModelConfig;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Ranks and scales of an adapter's changes.
 *
 * @param r the rank where no pattern says another
 * @param alpha {@code lora_alpha} where no pattern says another; the scale is this over the rank
 * @param useRslora whether the scale is alpha over the square root of the rank
 * @param rankPattern ranks by an expression for the end of a module's path; the first that matches
 *     counts
 * @param alphaPattern likewise
 * @see <a href="https://arxiv.org/abs/2312.03732">Kalajdzievski 2023, rank-stabilized LoRA</a>
 */
public record AdapterRanks(
    int r,
    double alpha,
    boolean useRslora,
    Map<String, Integer> rankPattern,
    Map<String, Double> alphaPattern) {

  private static final String END_OF_PATH = "(.*\\.)?(%s)$";

  public AdapterRanks {
    rankPattern = Collections.unmodifiableMap(new LinkedHashMap<>(rankPattern));
    alphaPattern = Collections.unmodifiableMap(new LinkedHashMap<>(alphaPattern));
  }

  static AdapterRanks read(ModelConfig config) {
    int r = config.intOr("r", 8);
    if (r < 1) {
      throw config.malformed("r", "is " + r + ", expected a positive integer");
    }
    return new AdapterRanks(
        r,
        config.doubleOr("lora_alpha", 8),
        config.booleanOr("use_rslora", false),
        pattern(config, "rank_pattern", node -> rank(config, node)),
        pattern(config, "alpha_pattern", node -> alpha(config, node)));
  }

  private static int rank(ModelConfig config, JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.asInt() < 1) {
      throw config.wrong("rank_pattern", node, "positive integers by module");
    }
    return node.asInt();
  }

  private static double alpha(ModelConfig config, JsonNode node) {
    if (!node.isNumber()) {
      throw config.wrong("alpha_pattern", node, "numbers by module");
    }
    return node.asDouble();
  }

  private static <T> Map<String, T> pattern(
      ModelConfig config, String field, Function<JsonNode, T> value) {
    Map<String, T> pattern = new LinkedHashMap<>();
    Optional<JsonNode> node = config.node(field);
    if (node.isPresent()) {
      if (!(node.get() instanceof ObjectNode object)) {
        throw config.wrong(field, node.get(), "an object");
      }
      object
          .properties()
          .forEach(entry -> pattern.put(entry.getKey(), value.apply(entry.getValue())));
    }
    pattern.keySet().forEach(key -> ModulePattern.of(field, key, END_OF_PATH));
    return pattern;
  }

  /** The rank of a module's change. */
  public int rank(String module) {
    return first(rankPattern, "rank_pattern", module).orElse(r);
  }

  /** What B A x is multiplied with for a module. */
  public double scale(String module) {
    double own = first(alphaPattern, "alpha_pattern", module).orElse(alpha);
    int rank = rank(module);
    return useRslora ? own / Math.sqrt(rank) : own / rank;
  }

  private static <T> Optional<T> first(Map<String, T> pattern, String field, String module) {
    return pattern.entrySet().stream()
        .filter(
            entry ->
                ModulePattern.of(field, entry.getKey(), END_OF_PATH).matcher(module).lookingAt())
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
