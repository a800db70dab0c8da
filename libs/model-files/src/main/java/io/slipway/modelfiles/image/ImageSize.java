package io.slipway.modelfiles.image;

import io.slipway.modelfiles.ModelConfig;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** What {@code size} asks for; all in pixels. */
sealed interface ImageSize {

  /** A width and a height. */
  record Dimensions(int width, int height) {}

  /** Exactly this size, whatever the proportions. */
  record Exact(int width, int height) implements ImageSize {}

  /** Proportions kept; the longest edge gives way where both cannot be had. */
  record ShortestEdge(int edge, OptionalInt longest) implements ImageSize {

    private Dimensions scaled(int width, int height) {
      int shorter = Math.min(width, height);
      int longer = Math.max(width, height);
      int newShorter = edge;
      double exact = edge;
      if (longest.isPresent() && (double) longer / shorter * edge > longest.getAsInt()) {
        exact = (double) longest.getAsInt() * shorter / longer;
        newShorter = (int) Math.rint(exact);
      }
      int newLonger = shorter == newShorter ? longer : (int) (exact * longer / shorter);
      return width < height
          ? new Dimensions(newShorter, newLonger)
          : new Dimensions(newLonger, newShorter);
    }
  }

  /** Proportions kept, as large as fits. */
  record Within(int width, int height) implements ImageSize {}

  /** The size that an image of some size is resized to. */
  default Dimensions of(int width, int height) {
    return switch (this) {
      case Exact exact -> new Dimensions(exact.width, exact.height);
      case ShortestEdge shortest -> shortest.scaled(width, height);
      case Within bounds -> {
        double scale = Math.min((double) bounds.height / height, (double) bounds.width / width);
        yield new Dimensions((int) (width * scale), (int) (height * scale));
      }
    };
  }

  /**
   * Reads a size in any of the forms that the reference accepts: one number, a pair {@code [height,
   * width]}, or an object.
   *
   * @param square whether one number is the side of a square; else it is the shortest edge
   */
  static Optional<ImageSize> read(ModelConfig config, String field, boolean square) {
    return config.node(field).map(node -> read(config, field, node, square));
  }

  private static ImageSize read(ModelConfig config, String field, JsonNode node, boolean square) {
    if (node.isIntegralNumber()) {
      int edge = pixels(config, field, node, node);
      return square ? new Exact(edge, edge) : new ShortestEdge(edge, OptionalInt.empty());
    }
    if (node.isArray() && node.size() == 2) {
      return new Exact(
          pixels(config, field, node, node.get(1)), pixels(config, field, node, node.get(0)));
    }
    if (has(node, "height", "width")) {
      return new Exact(
          pixels(config, field, node, node.get("width")),
          pixels(config, field, node, node.get("height")));
    }
    if (has(node, "shortest_edge")) {
      return new ShortestEdge(
          pixels(config, field, node, node.get("shortest_edge")), OptionalInt.empty());
    }
    if (has(node, "shortest_edge", "longest_edge")) {
      return new ShortestEdge(
          pixels(config, field, node, node.get("shortest_edge")),
          OptionalInt.of(pixels(config, field, node, node.get("longest_edge"))));
    }
    if (has(node, "max_height", "max_width")) {
      return new Within(
          pixels(config, field, node, node.get("max_width")),
          pixels(config, field, node, node.get("max_height")));
    }
    throw config.wrong(
        field,
        node,
        "a number, [height, width], or an object of height and width, of shortest_edge (and"
            + " longest_edge), or of max_height and max_width");
  }

  private static boolean has(JsonNode node, String... keys) {
    long present = node.properties().stream().filter(entry -> !entry.getValue().isNull()).count();
    for (String key : keys) {
      if (!node.hasNonNull(key)) {
        return false;
      }
    }
    return node.isObject() && present == keys.length;
  }

  private static int pixels(ModelConfig config, String field, JsonNode whole, JsonNode edge) {
    if (!edge.isIntegralNumber() || !edge.canConvertToInt() || edge.asInt() < 1) {
      throw config.wrong(field, whole, "edges that are positive integers");
    }
    return edge.asInt();
  }
}
