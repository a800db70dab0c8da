package io.slipway.modelfiles.adapter;

import java.util.List;

/** What an adapted model is for; constants are named as in {@code task_type}. */
public enum AdapterTask {
  SEQ_CLS(List.of("classifier", "score")),
  SEQ_2_SEQ_LM(List.of()),
  CAUSAL_LM(List.of()),
  TOKEN_CLS(List.of("classifier", "score")),
  QUESTION_ANS(List.of("qa_outputs")),
  FEATURE_EXTRACTION(List.of());

  private final List<String> heads;

  AdapterTask(List<String> heads) {
    this.heads = heads;
  }

  /** Modules that adapters for this task always bring whole, whether or not they say so. */
  public List<String> heads() {
    return heads;
  }
}
