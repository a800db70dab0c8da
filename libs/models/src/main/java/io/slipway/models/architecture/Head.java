package io.slipway.models.architecture;

import io.slipway.modelfiles.Task;
import java.util.List;

/**
 * What is put on top of an architecture's states, in the reference's words.
 *
 * @param <M> what a model with this head can do
 * @param task that is answered with it
 * @param labelled whether its width is the number of the configuration's labels
 */
public record Head<M>(String name, Task task, boolean labelled) {

  /** The states themselves. */
  public static final Head<TextEncoder> FEATURES =
      new Head<>("features", Task.FEATURE_EXTRACTION, false);

  public static final Head<TokenScorer> MASKED_LM = new Head<>("masked-lm", Task.FILL_MASK, false);
  public static final Head<SequenceClassifier> SEQUENCE_CLASSIFICATION =
      new Head<>("sequence-classification", Task.TEXT_CLASSIFICATION, true);
  public static final Head<TokenScorer> TOKEN_CLASSIFICATION =
      new Head<>("token-classification", Task.TOKEN_CLASSIFICATION, true);

  /** Two outputs for each token: scores of being the answer's first and its last. */
  public static final Head<TokenScorer> QUESTION_ANSWERING =
      new Head<>("question-answering", Task.QUESTION_ANSWERING, false);

  public static final Head<CausalDecoder> CAUSAL_LM =
      new Head<>("causal-lm", Task.TEXT_GENERATION, false);

  /** Answers summarization and translation alike. */
  public static final Head<EncoderDecoder> SEQ2SEQ_LM =
      new Head<>("seq2seq-lm", Task.SUMMARIZATION, false);

  public static final Head<ImageClassifier> IMAGE_CLASSIFICATION =
      new Head<>("image-classification", Task.IMAGE_CLASSIFICATION, true);

  /** Whether a task is answered with this head. */
  public boolean answers(Task other) {
    return other == task || (equals(SEQ2SEQ_LM) && other == Task.TRANSLATION);
  }

  /** Every head there is. */
  public static List<Head<?>> all() {
    return List.of(
        FEATURES,
        MASKED_LM,
        SEQUENCE_CLASSIFICATION,
        TOKEN_CLASSIFICATION,
        QUESTION_ANSWERING,
        CAUSAL_LM,
        SEQ2SEQ_LM,
        IMAGE_CLASSIFICATION);
  }
}
