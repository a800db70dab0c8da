package io.slipway.worker.batch;

import io.slipway.modelfiles.tokenizer.TokenizedText;
import java.util.List;

/** What runs a batch: a row of outputs for each text, in order. */
@FunctionalInterface
public interface BatchModel {

  float[][] run(List<TokenizedText> texts) throws InterruptedException;
}
