package io.slipway.models.task;

import io.slipway.modelfiles.tokenizer.StreamingText;
import io.slipway.models.generation.TokenText;

/** A tokenizer's text of tokens that come one by one. */
record StreamedText(StreamingText text) implements TokenText {

  @Override
  public String add(long token) {
    return text.add(token);
  }

  @Override
  public String finish() {
    return text.finish();
  }
}
