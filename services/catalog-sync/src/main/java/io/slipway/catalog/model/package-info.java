/**
 * The models of the catalogue: judged when they are seen, found by words. Start with {@link
 * io.slipway.catalog.model.FindHubModels}.
 */
@NullMarked
package io.slipway.catalog.model;

import org.jspecify.annotations.NullMarked;
