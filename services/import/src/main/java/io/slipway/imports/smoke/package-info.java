/**
 * A first run of a model, before anybody relies on it. Start with {@link
 * io.slipway.imports.smoke.SmokeRun}.
 */
@NullMarked
package io.slipway.imports.smoke;

import org.jspecify.annotations.NullMarked;
