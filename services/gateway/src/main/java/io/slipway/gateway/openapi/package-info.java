/**
 * The OpenAPI document, out of the same descriptors as the REST API. Start with {@code
 * OpenApiDocument}.
 */
@NullMarked
package io.slipway.gateway.openapi;

import org.jspecify.annotations.NullMarked;
