/**
 * The mirror of a hub's models: searchable, each with a verdict on what this platform can do with
 * it. Start with {@link io.slipway.catalog.CatalogGrpcService}.
 */
@NullMarked
package io.slipway.catalog;

import org.jspecify.annotations.NullMarked;
