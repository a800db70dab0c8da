/**
 * The import service among its neighbours. Start with {@link io.slipway.imports.testing.Platform}.
 */
@NullMarked
package io.slipway.imports.testing;

import org.jspecify.annotations.NullMarked;
