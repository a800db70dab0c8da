/**
 * Requests for models, from an endpoint's route to a worker. Start with {@link
 * io.slipway.gateway.inference.EndpointPredictions}.
 */
@NullMarked
package io.slipway.gateway.inference;

import org.jspecify.annotations.NullMarked;
