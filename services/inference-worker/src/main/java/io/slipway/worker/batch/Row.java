package io.slipway.worker.batch;

import io.slipway.modelfiles.tokenizer.TokenizedText;

/**
 * One input of a request, waiting for its turn.
 *
 * @param index its place in the request
 */
record Row(PendingRows request, int index, TokenizedText text, long queuedNanos) {

  int length() {
    return text.length();
  }
}
