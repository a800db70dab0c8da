package io.slipway.models.task;

import io.slipway.modelfiles.ModelConfig;
import io.slipway.modelfiles.ModelFilesException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a caller wants of a text generation, in the names of Hugging Face's inference API.
 *
 * @param fields all that was given; those that are not here go to {@link
 *     io.slipway.models.generation.settings.GenerationConfig}
 * @param returnFullText whether the prompt stands before the new text
 * @param details whether tokens come with their log-probabilities
 * @param decoderInputDetails whether the prompt's do, too
 * @param topTokens how many tokens are told of each place
 * @param bestOf how many texts are drawn of which the most probable is returned
 * @param truncate tokens of the prompt that are kept, its last ones; empty for all
 */
record TextGenerationParameters(
    ModelConfig fields,
    boolean returnFullText,
    boolean details,
    boolean decoderInputDetails,
    int topTokens,
    int bestOf,
    Optional<Integer> truncate) {

  private static final List<String> DRAWING = List.of("temperature", "top_k", "top_p", "typical_p");

  /**
   * Reads parameters.
   *
   * @throws IllegalArgumentException naming one that is out of range, of a wrong type or not
   *     supported
   */
  static TextGenerationParameters of(ModelConfig fields) {
    refuse(fields, "grammar");
    refuse(fields, "adapter_id");
    if (read(fields, f -> f.booleanOr("watermark", false))) {
      throw new IllegalArgumentException("watermark is true, which is not supported");
    }
    int top = atLeast(0, "top_n_tokens", read(fields, f -> f.intOr("top_n_tokens", 0)));
    int best = atLeast(1, "best_of", read(fields, f -> f.intOr("best_of", 1)));
    Optional<Integer> truncate = read(fields, f -> f.integer("truncate"));
    truncate.ifPresent(tokens -> atLeast(1, "truncate", tokens));
    boolean ofPrompt = read(fields, f -> f.booleanOr("decoder_input_details", false));
    return new TextGenerationParameters(
        fields,
        read(fields, f -> f.booleanOr("return_full_text", false)),
        read(fields, f -> f.booleanOr("details", false)) || top > 0 || best > 1 || ofPrompt,
        ofPrompt,
        top,
        best,
        truncate);
  }

  private static void refuse(ModelConfig fields, String field) {
    if (fields.has(field)) {
      throw new IllegalArgumentException(field + " is set, which is not supported");
    }
  }

  private static int atLeast(int least, String field, int value) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s is %d, expected at least %d".formatted(field, value, least));
    }
    return value;
  }

  /** Reads a caller's field, whose errors are the caller's. */
  static <T> T read(ModelConfig fields, Function<ModelConfig, T> field) {
    try {
      return field.apply(fields);
    } catch (ModelFilesException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Whether the caller says how long the text may become. */
  boolean limited() {
    return fields.has("max_new_tokens") || fields.has("max_length");
  }

  /** Whether tokens are to be drawn because of how they are to be, though nothing says that. */
  boolean impliesDrawing() {
    boolean asked = Stream.concat(Stream.of("seed"), DRAWING.stream()).anyMatch(fields::has);
    return (asked || bestOf > 1) && !fields.has("do_sample") && !fields.has("num_beams");
  }
}
