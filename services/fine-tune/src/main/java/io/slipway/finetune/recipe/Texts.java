package io.slipway.finetune.recipe;

import static io.slipway.finetune.recipe.Hyperparameter.require;

/**
 * How texts are read and written, as far as a task does.
 *
 * @param maxLength tokens a row; 0 where rows are no texts
 * @param maxTargetLength tokens a target; 0 where there are none
 * @param sourcePrefix put before each text
 * @param predictWithGenerate whether validations write texts
 * @param docStride tokens that a window shares with the one before; 0 where there are no windows
 * @param maxAnswerLength tokens of an answer; 0 where there are none
 * @param packing whether rows are put one after another
 */
record Texts(
    int maxLength,
    int maxTargetLength,
    String sourcePrefix,
    boolean predictWithGenerate,
    int docStride,
    int maxAnswerLength,
    boolean packing) {

  static final int MAX_TARGET_LENGTH = 128;
  static final int DOC_STRIDE = 128;
  static final int MAX_ANSWER_LENGTH = 30;

  /** A row has at least the tokens that open and close it, and one of its own. */
  private static final int SHORTEST_LENGTH = 3;

  /** A window has room for the question too. */
  private static final int WINDOWS_PER_STRIDE = 3;

  Texts {
    require(
        "max_length",
        maxLength,
        maxLength == 0 || maxLength >= SHORTEST_LENGTH,
        SHORTEST_LENGTH + " or more tokens");
    require("max_target_length", maxTargetLength, maxTargetLength >= 0, "1 or more tokens");
    require(
        "doc_stride",
        docStride,
        docStride == 0 || (docStride > 0 && docStride < maxLength),
        "1 or more tokens, below the max_length of " + maxLength);
    require("max_answer_length", maxAnswerLength, maxAnswerLength >= 0, "1 or more tokens");
  }

  /** Of texts that are only read. */
  static Texts read(int maxLength) {
    return new Texts(maxLength, 0, "", false, 0, 0, false);
  }

  static int strideFor(int maxLength) {
    return Math.max(1, Math.min(DOC_STRIDE, maxLength / WINDOWS_PER_STRIDE));
  }
}
