/**
 * The models of this worker, from checkout to unloading. Start with {@link
 * io.slipway.worker.model.LoadedModels}.
 */
@NullMarked
package io.slipway.worker.model;

import org.jspecify.annotations.NullMarked;
