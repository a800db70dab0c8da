/**
 * Loads models and answers requests for them. Start with {@link
 * io.slipway.worker.InferenceWorkerApplication}.
 */
@NullMarked
package io.slipway.worker;

import org.jspecify.annotations.NullMarked;
