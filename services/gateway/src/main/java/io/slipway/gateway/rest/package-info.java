/**
 * HTTP before it has a meaning: paths, bodies, filters, and the table of endpoints. Start with
 * {@link io.slipway.gateway.rest.RestRoutes}.
 */
@NullMarked
package io.slipway.gateway.rest;

import org.jspecify.annotations.NullMarked;
