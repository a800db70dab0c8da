/** The Hugging Face task API. Start with {@code TaskEndpoints}. */
@NullMarked
package io.slipway.gateway.huggingface;

import org.jspecify.annotations.NullMarked;
