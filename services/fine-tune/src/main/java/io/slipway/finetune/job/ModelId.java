package io.slipway.finetune.job;

import io.slipway.kit.errors.SlipwayException;
import java.util.regex.Pattern;

/** A model's id in the registry: {@code namespace/model}, as on the Hub. */
record ModelId(String namespace, String model) {

  private static final Pattern PART =
      Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?");

  /**
   * @throws SlipwayException INVALID_ARGUMENT when the text is of another form
   */
  static ModelId parse(String text) {
    int slash = text.indexOf('/');
    if (slash > 0) {
      String namespace = text.substring(0, slash);
      String model = text.substring(slash + 1);
      if (isPart(namespace) && isPart(model)) {
        return new ModelId(namespace, model);
      }
    }
    throw SlipwayException.invalid(
        "output_model_id is \""
            + text
            + "\"; expected namespace/model, each 1 to 96 letters, digits, '.', '_' and '-'"
            + " that neither begin nor end with '.' or '-'.");
  }

  private static boolean isPart(String text) {
    return PART.matcher(text).matches() && !text.contains("..") && !text.contains("--");
  }
}
