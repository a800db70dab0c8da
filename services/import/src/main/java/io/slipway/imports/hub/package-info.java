/**
 * A model on the hub: which of its files are wanted, and how they get into the artifact store.
 * Start with {@link io.slipway.imports.hub.HubFetch}.
 */
@NullMarked
package io.slipway.imports.hub;

import org.jspecify.annotations.NullMarked;
