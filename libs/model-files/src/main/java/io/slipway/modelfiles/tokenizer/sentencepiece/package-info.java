/**
 * Models of SentencePiece: what a model file says, and how it normalises text.
 *
 * <p>Start at {@link io.slipway.modelfiles.tokenizer.sentencepiece.SentencePieceModel}.
 */
@NullMarked
package io.slipway.modelfiles.tokenizer.sentencepiece;

import org.jspecify.annotations.NullMarked;
