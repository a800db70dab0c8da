package io.slipway.models.architecture.encoder;

import java.util.stream.Stream;

/** The reference's classes of an encoder. */
final class EncoderClasses {

  private EncoderClasses() {}

  /** All of a family, whose states can be had from each of their checkpoints. */
  static String[] all(String prefix, String... others) {
    return Stream.concat(
            Stream.of(
                    "Model",
                    "ForMaskedLM",
                    "ForSequenceClassification",
                    "ForTokenClassification",
                    "ForQuestionAnswering")
                .map(suffix -> prefix + suffix),
            Stream.of(others))
        .toArray(String[]::new);
  }
}
