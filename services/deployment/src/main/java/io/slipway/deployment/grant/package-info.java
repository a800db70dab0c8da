/**
 * Compute for work that is not an endpoint. Start with {@link
 * io.slipway.deployment.grant.ComputeGrpcService}.
 */
@NullMarked
package io.slipway.deployment.grant;

import org.jspecify.annotations.NullMarked;
