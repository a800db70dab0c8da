/**
 * Models that bring workers down. Start with {@link io.slipway.deployment.quarantine.ModelCrashes}.
 */
@NullMarked
package io.slipway.deployment.quarantine;

import org.jspecify.annotations.NullMarked;
