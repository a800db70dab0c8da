/**
 * States of tokens, and embeddings of whole texts that are made of them.
 *
 * <p>Start at {@link io.slipway.models.task.features.FeatureExtraction}.
 */
@NullMarked
package io.slipway.models.task.features;

import org.jspecify.annotations.NullMarked;
