/**
 * Bidirectional encoders and their heads.
 *
 * <p>Start at {@link io.slipway.models.architecture.encoder.Bert}.
 */
@NullMarked
package io.slipway.models.architecture.encoder;

import org.jspecify.annotations.NullMarked;
