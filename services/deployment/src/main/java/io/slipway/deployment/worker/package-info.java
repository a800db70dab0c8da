/**
 * The workers and trainers that hold a control stream. Start with {@link
 * io.slipway.deployment.worker.Workers}.
 */
@NullMarked
package io.slipway.deployment.worker;

import org.jspecify.annotations.NullMarked;
