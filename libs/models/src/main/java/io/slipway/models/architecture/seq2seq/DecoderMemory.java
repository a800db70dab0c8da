package io.slipway.models.architecture.seq2seq;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** What a decoder's layers look at during a pass. */
interface DecoderMemory {

  /** Of the source. */
  KeyValue source(int layer);

  /** Which of the source's tokens are real: [rows, 1, 1, length], or null when all are. */
  @Nullable Tensor visibleSource();

  /**
   * Of the target.
   *
   * @param fresh of the tokens of this pass
   * @return of all tokens so far, these included
   */
  KeyValue target(int layer, KeyValue fresh);
}
