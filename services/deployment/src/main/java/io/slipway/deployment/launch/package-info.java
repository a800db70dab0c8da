/**
 * Worker and trainer processes that this service starts itself. Start with {@link
 * io.slipway.deployment.launch.Fleet}.
 */
@NullMarked
package io.slipway.deployment.launch;

import org.jspecify.annotations.NullMarked;
