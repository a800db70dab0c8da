package io.slipway.models.architecture.seq2seq;

import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder looks at of the source.
 *
 * @param layers keys and values by layer
 * @param visible which of the source's tokens are real: [rows, 1, 1, length], or null when all are
 */
record SourceMemory(IntFunction<KeyValue> layers, @Nullable Tensor visible) {

  KeyValue layer(int layer) {
    return layers.apply(layer);
  }
}
