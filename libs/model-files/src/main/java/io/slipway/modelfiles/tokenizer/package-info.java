/**
 * Text to token ids and back, by a checkpoint's own tokenizer.json.
 *
 * <p>Start at {@link io.slipway.modelfiles.tokenizer.TextTokenizer}.
 */
@NullMarked
package io.slipway.modelfiles.tokenizer;

import org.jspecify.annotations.NullMarked;
