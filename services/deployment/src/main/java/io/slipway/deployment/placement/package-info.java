/**
 * Which worker has which model: pure decisions, no input or output. Start with {@link
 * io.slipway.deployment.placement.Placement}.
 */
@NullMarked
package io.slipway.deployment.placement;

import org.jspecify.annotations.NullMarked;
