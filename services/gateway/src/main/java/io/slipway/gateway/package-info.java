/**
 * The one public door: REST and gRPC, identity, limits, and requests for models on their way to
 * workers. Start with {@link io.slipway.gateway.GatewayApplication}, then {@code api.PublicApi}.
 */
@NullMarked
package io.slipway.gateway;

import org.jspecify.annotations.NullMarked;
