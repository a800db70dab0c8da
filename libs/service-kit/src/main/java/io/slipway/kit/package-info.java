/**
 * What every service shares. A service's main class starts with {@link
 * io.slipway.kit.SlipwayService}; everything else is auto-configured and used through the packages
 * below.
 */
@NullMarked
package io.slipway.kit;

import org.jspecify.annotations.NullMarked;
