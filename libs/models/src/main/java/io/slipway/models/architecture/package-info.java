/**
 * The architectures, each written once in a file of its own and used alike for training and for
 * inference.
 *
 * <p>Start at {@link io.slipway.models.architecture.Bert}; {@link
 * io.slipway.models.architecture.Architectures} finds the code for a configuration.
 */
@NullMarked
package io.slipway.models.architecture;

import org.jspecify.annotations.NullMarked;
