/**
 * Text to token ids and back, by a checkpoint's own tokenizer.json, or by the older files in its
 * place.
 *
 * <p>Start at {@link io.slipway.modelfiles.tokenizer.TextTokenizer}.
 */
@NullMarked
package io.slipway.modelfiles.tokenizer;

import org.jspecify.annotations.NullMarked;
