/**
 * Puts the inputs of many requests together for the device. Start with {@link
 * io.slipway.worker.batch.Batcher}.
 */
@NullMarked
package io.slipway.worker.batch;

import org.jspecify.annotations.NullMarked;
