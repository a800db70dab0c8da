package io.slipway.models.training.classification;

import io.slipway.modelfiles.tokenizer.TextTokenizer;
import io.slipway.modelfiles.tokenizer.TokenizedText;
import io.slipway.models.architecture.Head;
import io.slipway.models.architecture.SequenceClassifier;
import io.slipway.models.architecture.TokenBatch;
import io.slipway.models.layers.pass.Forward;
import io.slipway.models.runtime.ComputeDevice;
import io.slipway.models.runtime.Tensors;
import io.slipway.models.training.BaseModel;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** A classifier of texts, and their way into it. */
record ClassifiedTexts(SequenceClassifier model, TextTokenizer tokenizer, ComputeDevice device) {

  static ClassifiedTexts load(
      BaseModel base, List<String> labels, int maxLength, boolean replaceHead)
      throws IOException, InterruptedException {
    TextTokenizer tokenizer = base.tokenizer(maxLength);
    SequenceClassifier model = base.load(Head.SEQUENCE_CLASSIFICATION, labels, replaceHead);
    return new ClassifiedTexts(model, tokenizer, base.device());
  }

  TokenizedText encode(String text, @Nullable String second) {
    return second == null ? tokenizer.encode(text) : tokenizer.encodePair(text, second);
  }

  TokenBatch batch(List<TokenizedText> texts) {
    return TokenBatch.of(texts, tokenizer.specialToken("pad").orElse(0));
  }

  /** In single precision: [rows, labels] */
  Tensor logits(Forward forward, TokenBatch batch) {
    return model.logits(forward, batch).to(ScalarType.Float);
  }

  /** What measures a batch: on the compute thread, hands out the outputs of each row. */
  Consumer<Forward> measure(List<TokenizedText> texts, Consumer<float[][]> outputs) {
    TokenBatch batch = batch(texts);
    return forward -> outputs.accept(Tensors.rows(logits(forward, batch)));
  }
}
