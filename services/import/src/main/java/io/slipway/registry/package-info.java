/**
 * The models that the platform holds, version by version, and who needs them. Start with {@link
 * io.slipway.registry.ModelRegistry}.
 */
@NullMarked
package io.slipway.registry;

import org.jspecify.annotations.NullMarked;
