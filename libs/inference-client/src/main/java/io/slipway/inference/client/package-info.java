/**
 * Calls models on their replicas. Start with {@link io.slipway.inference.client.InferenceClient}.
 */
@NullMarked
package io.slipway.inference.client;

import org.jspecify.annotations.NullMarked;
