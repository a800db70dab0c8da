/** Refusals and failures as HTTP answers. Start with {@link io.slipway.gateway.errors.Problem}. */
@NullMarked
package io.slipway.gateway.errors;

import org.jspecify.annotations.NullMarked;
