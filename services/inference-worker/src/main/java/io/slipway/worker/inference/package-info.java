/** Requests. Start with {@link io.slipway.worker.inference.InferenceGrpcService}. */
@NullMarked
package io.slipway.worker.inference;

import org.jspecify.annotations.NullMarked;
