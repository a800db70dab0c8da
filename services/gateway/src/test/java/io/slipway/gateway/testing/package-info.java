/**
 * The gateway between real neighbours. Start with {@link
 * io.slipway.gateway.testing.RunningGateway}.
 */
package io.slipway.gateway.testing;
