/**
 * Images to what a vision model reads, as a checkpoint's preprocessor_config.json asks for it.
 *
 * <p>Start at {@link io.slipway.modelfiles.image.ImagePreprocessor}.
 */
@NullMarked
package io.slipway.modelfiles.image;

import org.jspecify.annotations.NullMarked;
