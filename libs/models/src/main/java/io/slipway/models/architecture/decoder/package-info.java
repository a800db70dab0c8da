/**
 * Architectures that continue a sequence token by token, each in a file of its own.
 *
 * <p>Start at {@link io.slipway.models.architecture.decoder.Llama}, then {@link
 * io.slipway.models.architecture.decoder.DecoderStack}.
 */
@NullMarked
package io.slipway.models.architecture.decoder;

import org.jspecify.annotations.NullMarked;
