/**
 * Checkpoints in the layout of the Hugging Face Hub, understood without running them:
 * configuration, weights, labels, and whether the platform supports them.
 *
 * <p>Start at {@link io.slipway.modelfiles.CheckpointInspection}, which verifies a directory, at
 * {@link io.slipway.modelfiles.Checkpoint}, which opens it, and at {@link
 * io.slipway.modelfiles.SupportedArchitectures}, which judges it.
 */
@NullMarked
package io.slipway.modelfiles;

import org.jspecify.annotations.NullMarked;
