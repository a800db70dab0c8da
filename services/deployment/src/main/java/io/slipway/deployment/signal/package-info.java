/** How a change anywhere wakes the loop: {@link io.slipway.deployment.signal.ChangeSignal}. */
@NullMarked
package io.slipway.deployment.signal;

import org.jspecify.annotations.NullMarked;
