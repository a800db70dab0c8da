/**
 * What ties a worker to the deployment service, and how it ends. Start with {@link
 * io.slipway.worker.control.ControlLink}.
 */
@NullMarked
package io.slipway.worker.control;

import org.jspecify.annotations.NullMarked;
