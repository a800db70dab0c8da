/**
 * Getting work onto libtorch: loading it, devices, precision, seeds, and the one thread a device
 * through which all of it runs.
 *
 * <p>Start at {@link io.slipway.models.runtime.ComputeExecutor}; {@link
 * io.slipway.models.runtime.Scope} explains who frees native memory.
 */
@NullMarked
package io.slipway.models.runtime;

import org.jspecify.annotations.NullMarked;
