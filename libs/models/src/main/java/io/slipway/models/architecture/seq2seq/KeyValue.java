package io.slipway.models.architecture.seq2seq;

import org.bytedeco.pytorch.Tensor;

/** What attention looks at; both are [batch, heads, keys, headSize]. */
record KeyValue(Tensor keys, Tensor values) {}
