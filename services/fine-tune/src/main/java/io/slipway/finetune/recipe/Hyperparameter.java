package io.slipway.finetune.recipe;

import io.slipway.kit.errors.SlipwayException;
import java.util.List;

/** Says what is wrong with one. */
final class Hyperparameter {

  private Hyperparameter() {}

  /**
   * @param name as in the API, below {@code hyperparameters}
   * @throws SlipwayException INVALID_ARGUMENT naming the value and what was expected
   */
  static void require(String name, Object value, boolean holds, String expected) {
    if (!holds) {
      throw SlipwayException.invalid(
          "hyperparameters." + name + " is " + value + "; expected " + expected + ".");
    }
  }

  /** A value out of a list. */
  static void requireOneOf(String name, String value, List<String> allowed) {
    require(name, "\"" + value + "\"", allowed.contains(value), String.join(", ", allowed));
  }
}
