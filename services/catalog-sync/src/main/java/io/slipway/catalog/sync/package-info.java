/**
 * Reading the hub's listing into the catalogue. Start with {@link
 * io.slipway.catalog.sync.StartSync}, then {@link io.slipway.catalog.sync.SyncRun}.
 */
@NullMarked
package io.slipway.catalog.sync;

import org.jspecify.annotations.NullMarked;
