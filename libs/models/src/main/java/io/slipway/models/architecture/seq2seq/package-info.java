/**
 * Encoder-decoders: models that read one text and write another.
 *
 * <p>Start at {@link io.slipway.models.architecture.seq2seq.T5}, then {@link
 * io.slipway.models.architecture.seq2seq.SequenceToSequence} and {@link
 * io.slipway.models.architecture.seq2seq.DecodedTargets}, which all of them share.
 */
@NullMarked
package io.slipway.models.architecture.seq2seq;

import org.jspecify.annotations.NullMarked;
