/**
 * The one place where things are decided: who leads, and the loop that makes the world what the
 * tables ask for. Start with {@link io.slipway.deployment.control.Reconciler}.
 */
@NullMarked
package io.slipway.deployment.control;

import org.jspecify.annotations.NullMarked;
