/** The public gRPC port. Start with {@code PublicGrpcPort}. */
@NullMarked
package io.slipway.gateway.proxy;

import org.jspecify.annotations.NullMarked;
