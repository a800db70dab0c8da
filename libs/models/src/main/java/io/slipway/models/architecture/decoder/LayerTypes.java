package io.slipway.models.architecture.decoder;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.models.layers.attention.CausalPass;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Which layers of a decoder see everything, and which a window only. */
final class LayerTypes {

  private static final String FIELD = "layer_types";
  private static final String SLIDING = "sliding_attention";
  private static final String FULL = "full_attention";

  private LayerTypes() {}

  /**
   * The window of each layer, by {@code layer_types}.
   *
   * @param window of the layers that slide
   * @param slides which layers do, where the file does not say
   */
  static List<Integer> windows(
      ModelConfig json, int layers, OptionalInt window, IntPredicate slides) {
    List<String> types =
        json.strings(FIELD)
            .orElseGet(
                () ->
                    IntStream.range(0, layers)
                        .mapToObj(i -> slides.test(i) ? SLIDING : FULL)
                        .toList());
    if (types.size() != layers) {
      throw json.malformed(FIELD, "has %d entries for %d layers".formatted(types.size(), layers));
    }
    return types.stream().map(type -> window(json, type, window)).toList();
  }

  private static int window(ModelConfig json, String type, OptionalInt window) {
    return switch (type) {
      case FULL -> CausalPass.UNLIMITED;
      case SLIDING ->
          window.orElseThrow(
              () -> json.malformed(FIELD, "has " + SLIDING + ", but there is no sliding window"));
      default -> throw json.unsupported(FIELD, '"' + type + '"', FULL + ", " + SLIDING);
    };
  }
}
