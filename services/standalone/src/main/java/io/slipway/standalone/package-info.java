/**
 * All of Slipway on one machine. The command line starts in {@link io.slipway.standalone.Slipway},
 * the platform that {@code up} launches in {@link io.slipway.standalone.platform.PlatformProcess}.
 */
@NullMarked
package io.slipway.standalone;

import org.jspecify.annotations.NullMarked;
